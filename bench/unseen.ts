/** What the sandbox's counters cannot see, estimated high: each number says where it is from. */

/** Memory at which Lambda gives a whole processor, in GB. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const WHOLE_PROCESSOR = 1769 / 1024;

/** Memory of our largest function, in GB: waiting is billed by it. */
const LARGEST = 512 / 1024;

/** What a function waits for an answer, in seconds: DynamoDB answers within milliseconds, the others take tens of them, SES most. */
const ANSWER_SECONDS: Readonly<Record<string, number>> = { dynamodb: 0.005, ses: 0.2 };
const OTHER_ANSWER_SECONDS = 0.05;

/**
 * GB-seconds of functions. Processor time, as measured here, costs the same with any memory: less memory is a smaller share of a processor for longer. The
 * sandbox answers at once, so the waiting is added, as if each call were made alone and by the largest function.
 * @param milliseconds processor time that the sandbox measured.
 * @param calls calls by `service:Operation`.
 */
export function lambdaGigabyteSeconds(milliseconds: number, calls: Readonly<Record<string, number>>): number {
  const waiting = Object.entries(calls)
    // The workflow waits for its functions, no function does.
    .filter(([name]) => name !== "lambda:Invoke")
    .reduce((sum, [name, count]) => sum + count * (ANSWER_SECONDS[name.split(":")[0] ?? ""] ?? OTHER_ANSWER_SECONDS), 0);
  return (milliseconds / 1000) * WHOLE_PROCESSOR + waiting * LARGEST;
}

/** An Express workflow is billed in steps of 64 MB and 100 ms; telling one channel takes about a second. */
export const expressGigabyteSeconds = (executions: number): number => executions * (64 / 1024);

/** Lambda's own lines for an invocation: START, END and REPORT with a trace id. */
const PLATFORM_LINES = 3;
const PLATFORM_BYTES = 420;

/** What CloudWatch Logs adds to each line. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const LINE_OVERHEAD = 26;

/** Gigabytes of log: what functions write, and what Lambda writes for each invocation. */
export const logGigabytes = (log: { readonly lines: number; readonly bytes: number; readonly invocations: number }): number =>
  (log.bytes + log.invocations * PLATFORM_BYTES + (log.lines + log.invocations * PLATFORM_LINES) * LINE_OVERHEAD) / 1e9;
