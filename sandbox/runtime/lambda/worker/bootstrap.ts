import { parentPort, workerData } from "node:worker_threads";
import type { FromWorker, FunctionFailure, ToWorker, WorkerStart } from "../protocol";
import { type Handler, loadHandler } from "./handler";
import { redirectOutside } from "./outside";
import { bringSdk, captureOutput, resolveLoopbackOnly, seedRandom } from "./surroundings";
import { clearRealTimeout, realTimeout, WorkerClock } from "./time";

/** Real milliseconds between two looks at whether something goes on, and after how many quiet looks the worker counts as idle. */
const LOOK = 1;
const LOOKS_WITH_TIMER = 3;
const LOOKS_WITHOUT_TIMER = 40;

/** What may be active while a worker has nothing to do. Open connections without a request are not listed: Node does not count them either. */
const PASSIVE = new Set(["MessagePort", "Timeout", "Immediate", "TTYWrap", "PipeWrap"]);

const start = workerData as WorkerStart;
const port = parentPort;
const clock = new WorkerClock(start.now);
let handler: Promise<Handler> | undefined;
let invocation = 0;
let parked = 0;
let quietLooks = 0;
let look: NodeJS.Timeout | undefined;
let cpu = 0;

const tell = (message: FromWorker): void => port?.postMessage(message);

seedRandom(start.seed);
captureOutput((text) => tell({ kind: "log", text }));
resolveLoopbackOnly();
bringSdk(start.sdkDirectory);
process.cwd = () => start.directory;
clock.install();
redirectOutside(start.outside);

/** Whether the function waits for nothing but its timers (or for calls that themselves wait). */
function idle(): boolean {
  const active = process.getActiveResourcesInfo().filter((resource) => !PASSIVE.has(resource));
  return active.length === 0 || (parked > 0 && active.every((resource) => resource === "TCPSocketWrap"));
}

/** Watches for the moment at which the function only waits, then says so. */
function watch(): void {
  clearRealTimeout(look);
  quietLooks = 0;
  const again = (): void => {
    quietLooks = idle() ? quietLooks + 1 : 0;
    const wake = clock.wake;
    if (quietLooks >= (wake === undefined ? LOOKS_WITHOUT_TIMER : LOOKS_WITH_TIMER)) {
      tell(wake === undefined ? { kind: "idle" } : { kind: "idle", wake });
    } else {
      look = realTimeout(again, LOOK);
    }
  };
  look = realTimeout(again, LOOK);
}

const spent = (): number => {
  const { user, system } = process.threadCpuUsage();
  const since = (user + system) / 1000 - cpu;
  cpu += since;
  return since;
};

function failureOf(error: unknown): FunctionFailure {
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };
}

/** Ends the invocation that is running; a late answer of an earlier one is ignored. */
function finish(number: number, answer: { readonly result?: string; readonly failure?: FunctionFailure; readonly broken?: boolean }): void {
  if (number === invocation) {
    invocation += 1;
    clearRealTimeout(look);
    tell({ kind: "done", ...answer, cpu: spent() });
  }
}

async function invoke(message: Extract<ToWorker, { kind: "invoke" }>): Promise<void> {
  const number = invocation;
  process.env._X_AMZN_TRACE_ID = message.trace;
  watch();
  let ready: Handler;
  try {
    handler ??= loadHandler(start.directory, start.handler);
    ready = await handler;
  } catch (error) {
    return finish(number, { failure: failureOf(error), broken: true });
  }
  try {
    const result = await ready(JSON.parse(message.event), contextOf(message));
    finish(number, { result: JSON.stringify(result) ?? "null" });
  } catch (error) {
    finish(number, { failure: failureOf(error) });
  }
}

const contextOf = (message: Extract<ToWorker, { kind: "invoke" }>): Readonly<Record<string, unknown>> => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: "$LATEST",
  invokedFunctionArn: message.functionArn,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  awsRequestId: message.requestId,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  getRemainingTimeInMillis: () => Math.max(0, message.deadline - clock.now()),
});

process.on("uncaughtException", (error) => finish(invocation, { failure: failureOf(error), broken: true }));
process.on("unhandledRejection", (reason) =>
  finish(invocation, { failure: { errorType: "Runtime.UnhandledPromiseRejection", errorMessage: String(reason) }, broken: true }),
);

port?.on("message", (message: ToWorker) => {
  switch (message.kind) {
    case "invoke":
      parked = 0;
      clock.moveTo(message.now);
      void invoke(message);
      break;
    case "wake":
      clock.moveTo(message.now);
      watch();
      break;
    case "parked":
      parked = message.calls;
      clock.moveTo(message.now);
      watch();
      break;
  }
});
