import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TELL_REASONS } from "../../functions/alert";
import type { QuietReason } from "../../functions/episodes/rules";
import { ACCOUNTS, ORGANIZATIONAL_UNITS, ROOT_ID } from "../../sandbox/organization";
import { LineFaultyError, parseLine } from "../../sandbox/replay/lines";
import { parseReplay, type ReplayLine } from "../../sandbox/replay/parse";
import type { DeliveryEntry, EventEntry, Report } from "../../sandbox/replay/report";

const GUIDE = readFileSync(join(__dirname, "..", "..", "docs", "sandbox.md"), "utf8");

/** All example lines as one file: a later one may name the answer of an earlier one. */
const EXAMPLES = [...GUIDE.matchAll(/^```jsonl\n(.*?)^```$/gms)].map(([, block]) => block ?? "").join("");

/** Complete by type: a field that the report gets has to be added here, and then explained. */
const REPORT_FIELDS: Record<keyof Report, true> = {
  events: true,
  deliveries: true,
  changes: true,
  presses: true,
  answers: true,
  objects: true,
  incidents: true,
  deadLetters: true,
  denied: true,
  executions: true,
  alarms: true,
  counters: true,
};
const EVENT_FIELDS: Record<keyof EventEntry, true> = { line: true, id: true, matched: true, decision: true, reason: true, episode: true };
const DELIVERY_FIELDS: Record<keyof DeliveryEntry, true> = {
  at: true,
  cause: true,
  channel: true,
  kind: true,
  reason: true,
  episode: true,
  findingIds: true,
  origin: true,
  severity: true,
  accountId: true,
  accountName: true,
  region: true,
  resource: true,
  title: true,
  payload: true,
  attachments: true,
  reactions: true,
  updates: true,
};
const DECISIONS: Record<EventEntry["decision"], true> = { notify: true, quiet: true, ignored: true, "dead-lettered": true };
const QUIET_REASONS: Record<QuietReason, true> = { duplicate: true, waiting: true, stale: true, resolved: true, filtered: true };

const refusal = (line: unknown): string => {
  try {
    parseLine(line);
  } catch (error) {
    assert.ok(error instanceof LineFaultyError);
    return error.message;
  }
  return "";
};

/** Every field that can say what a line does: a line that does nothing is answered with all of them. */
const KINDS = /needs one of (.*)$/.exec(refusal({}))?.[1]?.split(", ") ?? [];
const isRefused = (kind: string): boolean => refusal({ [kind]: {} }).startsWith("the sandbox cannot emulate ");

const assertNamed = (names: readonly string[]): void =>
  assert.deepEqual(
    names.filter((name) => !GUIDE.includes(`\`${name}\``)),
    [],
  );

describe("the guide to the sandbox", () => {
  const examples = (): ReplayLine[] => parseReplay(EXAMPLES, "the guide");

  it("shows lines that can be played as they stand, one after the other", () => {
    assert.equal(examples().length, EXAMPLES.trimEnd().split("\n").length);
  });

  it("has an example of every kind of line that can be played, and of a line that only moves the clock", () => {
    const shown = new Set(examples().flatMap(({ json }) => Object.keys(json as object)));
    assert.ok(KINDS.length > 0);
    assert.deepEqual(
      KINDS.filter((kind) => !isRefused(kind) && !shown.has(kind)),
      [],
    );
    assert.ok(examples().some(({ content }) => content.action.kind === "at"));
  });

  it("names every kind of line that is refused, and quotes the sentence", () => {
    const refused = KINDS.filter(isRefused);
    assertNamed(refused);
    assert.ok(refused.length === 0 || refused.some((kind) => GUIDE.includes(refusal({ [kind]: {} }))));
  });

  it("explains every field of the report", () => {
    assertNamed([REPORT_FIELDS, EVENT_FIELDS, DELIVERY_FIELDS].flatMap(Object.keys));
  });

  it("lists every decision and every reason", () => {
    assertNamed([DECISIONS, QUIET_REASONS].flatMap(Object.keys));
    assertNamed(TELL_REASONS);
  });

  it("lists every account and organizational unit of the Organization", () => {
    const ids = [...ACCOUNTS, ...ORGANIZATIONAL_UNITS].map(({ id }) => id);
    assert.deepEqual(
      [...ids, ROOT_ID].filter((id) => !GUIDE.includes(id)),
      [],
    );
    assertNamed([...ACCOUNTS, ...ORGANIZATIONAL_UNITS].map(({ name }) => name));
  });
});
