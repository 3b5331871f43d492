import { at, object, textAt } from "../normalize/read";
import { isChangeId } from "./record";

/** What the workflow "guard" is started with once more. */
export type RestartInput = { readonly changeId: string } & Readonly<Record<string, unknown>>;

/** What a start of the workflow says, and, after somebody was asked, the answer. All else in its state is what its steps answered. */
const GIVEN = ["mode", "repeated", "touchable", "task", "by", "answer"] as const;

/**
 * What the workflow gave up on, left in the dead-letter queue (components/guard/guard-definition.ts), and somebody put back into the queue of changes: the input to begin
 * it anew with. Undefined for everything else, all events among it. Every step is safe to repeat, so it begins at the beginning; only people are not asked twice.
 */
export function redriven(body: unknown): RestartInput | undefined {
  const changeId = textAt(body, "changeId") ?? "";
  const state = object(at(body, "state"));
  if (state === undefined || !isChangeId(changeId) || at(body, "detail") !== undefined) {
    return undefined;
  }
  const given = GIVEN.flatMap((name) => (state[name] === undefined ? [] : [[name, state[name]]]));
  return { ...Object.fromEntries(given), changeId };
}
