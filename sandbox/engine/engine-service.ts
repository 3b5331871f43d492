import type { IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb";
import {
  GetRootResourceResponse,
  LogSeverity as Level,
  type LogRequest,
  RequirePulumiVersionResponse,
  SetRootResourceResponse,
} from "@pulumi/pulumi/proto/engine_pb";
import { type LogSeverity, type ProgramLog, programLog } from "./program-log";
import { Empty } from "./protobuf";
import { method, unsupported } from "./rpc";

/** Debug logs are left out: they are for the SDK's developers, and hold secrets. */
const SEVERITIES: Readonly<Record<Level, LogSeverity | undefined>> = {
  [Level.DEBUG]: undefined,
  [Level.INFO]: "info",
  [Level.WARNING]: "warning",
  [Level.ERROR]: "error",
};

/** The service to which the program's SDK reports what it has to say, and which stack it is. */
export function engineService(programDirectory: string, onLog: (log: ProgramLog) => void): IEngineServer {
  let root = "";
  return {
    log: method((request: LogRequest) => {
      const severity = SEVERITIES[request.getSeverity()];
      if (severity !== undefined) onLog(programLog(severity, request.getMessage(), request.getUrn(), programDirectory));
      return new Empty();
    }),
    getRootResource: method(() => new GetRootResourceResponse().setUrn(root)),
    setRootResource: method((request) => {
      root = request.getUrn();
      return new SetRootResourceResponse();
    }),
    requirePulumiVersion: method(() => new RequirePulumiVersionResponse()),
    startDebugging: unsupported("Debuggers"),
  };
}
