import { type ServiceAnswer, type ServiceCall, ServiceError } from "../../types";
import type { Core } from "../core";
import type { AsynchronousInvocations } from "./asynchronous";
import type { Functions } from "./functions";

/** Largest payload of a synchronous and of an asynchronous invocation, in bytes. */
const SYNCHRONOUS_LIMIT = 6 * 1024 * 1024;
const ASYNCHRONOUS_LIMIT = 1024 * 1024;

/** Lambda's API, as functions and state machines call it. */
export class LambdaApi {
  constructor(
    private readonly core: Core,
    private readonly functions: Functions,
    private readonly asynchronous: AsynchronousInvocations,
  ) {}

  /** Answers `Invoke`; other operations are not ours. */
  async answer(call: ServiceCall): Promise<ServiceAnswer | undefined> {
    if (call.operation !== "Invoke") {
      return undefined;
    }
    const target = this.functions.get(String(call.input.FunctionName));
    const kind = String(call.input.InvocationType ?? header(call, "x-amz-invocation-type") ?? "RequestResponse");
    const payload = payloadOf(call.input.Payload);
    const limit = kind === "Event" ? ASYNCHRONOUS_LIMIT : SYNCHRONOUS_LIMIT;
    if (Buffer.byteLength(payload) > limit) {
      throw new ServiceError(
        "RequestTooLargeException",
        `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
        413,
      );
    }
    // Functions and workflows have a trace. Who has none calls by hand.
    const trace = this.core.traces.child(call.trace ?? this.core.traces.begin("person"));
    if (kind === "DryRun") {
      return { status: 204, body: "" };
    }
    if (kind === "Event") {
      this.asynchronous.invoke(target, payload, trace);
      return { status: 202, body: "" };
    }
    const outcome = await this.core.callers.waiting(call.trace, target.invoke(payload, trace));
    return {
      headers: {
        "X-Amz-Executed-Version": "$LATEST",
        ...(outcome.failure === undefined ? {} : { "X-Amz-Function-Error": "Unhandled" }),
      },
      body: outcome.payload,
    };
  }
}

const header = (call: ServiceCall, name: string): string | undefined =>
  Object.entries(call.headers).find(([key]) => key.toLowerCase() === name)?.[1];

/** JSON text of a payload, however the protocol gave it. */
function payloadOf(payload: unknown): string {
  if (payload === undefined || payload === "") {
    return "{}";
  }
  const text =
    payload instanceof Uint8Array ? Buffer.from(payload).toString() : typeof payload === "string" ? payload : JSON.stringify(payload);
  try {
    JSON.parse(text);
  } catch {
    throw new ServiceError("InvalidRequestContentException", "Could not parse request body into json");
  }
  return text;
}
