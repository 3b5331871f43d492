import type { Journal } from "../replay/journal";
import type { Sandbox } from "../sandbox";
import { print, type Screen } from "../terminal/screen";
import { counted, wrapped } from "../terminal/text";
import type { Check } from "./scene";
import { showChecks } from "./show";

/** What has to be true of the whole tour. */
export function healthOf({ cloud, runtime }: Pick<Sandbox, "cloud" | "runtime">, { executions, deadLetters }: Journal): Check[] {
  const failed = executions.filter(({ status }) => status !== "SUCCEEDED");
  const denied = [...new Set(cloud.denied.map(({ action }) => action))];
  const alarms = runtime.alarms();
  return [
    { promise: "no function was denied a permission", kept: denied.length === 0, found: denied.join(", ") },
    {
      promise: "nothing was lost: all workflows succeeded, all dead-letter queues are empty, no alarm rings",
      kept: failed.length === 0 && deadLetters.length === 0 && alarms.length === 0,
      found: [
        counted(failed.length, "failed workflow"),
        counted(deadLetters.length, "dead letter"),
        `alarms: ${alarms.join(", ") || "none"}`,
      ].join(", "),
    },
  ];
}

/** Unused permissions that are named; the rest is a number. */
const NAMED = 6;

/** What Lambda itself needs of a function's role: no call of the function uses it, so that it says nothing here. */
const OF_LAMBDA = /^(logs|xray):/;

/** Shows how the tour ended, with what the emulator counted. */
export function showSummary(
  screen: Screen,
  { cloud, runtime, notes }: Pick<Sandbox, "cloud" | "runtime" | "notes">,
  journal: Journal,
  checks: readonly Check[],
  seconds: number,
): void {
  print(screen, "", screen.accent("Summary"), "");
  showChecks(screen, checks);
  const requests = Object.entries(cloud.counters).reduce((sum, [call, count]) => (call.startsWith("dynamodb:") ? sum + count : sum), 0);
  const unused = cloud.unusedPermissions().filter(({ action }) => !OF_LAMBDA.test(action));
  const numbers: readonly (readonly [string, string | number])[] = [
    ["messages", journal.deliveries().length],
    ["findings reported", journal.events.length],
    ["DynamoDB requests", requests],
    ["Lambda invocations", runtime.counters.lambda.invocations],
    ["workflows", runtime.counters.states.express],
    ["IAM denials", cloud.denied.length],
    ["permissions never used", unused.length],
    ["virtual time", `until ${new Date(runtime.now()).toISOString().slice(0, 16).replace("T", " ")}`],
    ["real time", `${seconds.toFixed(1)} s`],
  ];
  print(screen, "", ...numbers.map(([name, number]) => `  ${screen.dim(name.padEnd(24))} ${number}`));
  if (unused.length > 0) {
    const named = unused.slice(0, NAMED).map(({ principal, action }) => `${action} (${principal.split("/").at(-1)})`);
    const more = unused.length > NAMED ? ` and ${unused.length - NAMED} more` : "";
    dimmed(screen, `Never used by this tour: ${named.join(", ")}${more}.`);
  }
  for (const note of notes) {
    dimmed(screen, `Note of the emulator: ${note}`);
  }
}

const dimmed = (screen: Screen, text: string): void =>
  print(screen, "", ...wrapped(text, screen.width - 2).map((line) => screen.dim(`  ${line}`)));
