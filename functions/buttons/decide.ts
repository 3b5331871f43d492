import type { ChangeRecord } from "../guard/record";
import { type Approver, isOwn, mayDecide } from "./approvers";
import type { Press } from "./press";

/** What a press leads to. */
export type Verdict =
  /** The waiting workflow is told to leave the change as it is, or to take it back. */
  | { readonly accepted: true; readonly does: "keep" | "put-back" }
  /** What tocsin took back is restored. */
  | { readonly accepted: true; readonly does: "undo" }
  | Refusal;

/** Why a press leads to nothing. */
export interface Refusal {
  readonly accepted: false;
  /** For the log. */
  readonly reason: string;
  /** For the person. */
  readonly text: string;
}

/** A press that leads to nothing. */
export const refused = (reason: string, text: string): Refusal => ({ accepted: false, reason, text });

/**
 * Decides what becomes of a press.
 * @param change as the table has it at this moment; undefined if there is none.
 * @param now milliseconds since the epoch.
 */
export function decide(press: Press, change: ChangeRecord | undefined, approvers: readonly Approver[], now: number): Verdict {
  if (!mayDecide(approvers, press)) {
    return refused("not an approver", "You are not among the people who may decide about this (setting tocsin:approvals.approvers).");
  }
  if (change === undefined) {
    return refused("unknown change", "This change is no longer known.");
  }
  if (isOwn(approvers, press, change.actor)) {
    return refused("own change", "You made this change yourself. Somebody else has to decide about it.");
  }
  return press.button === "approve" ? approval(change) : undo(change, now);
}

function approval(change: ChangeRecord): Verdict {
  return change.status === "asked" ? { accepted: true, does: "keep" } : tooLate(change);
}

function undo(change: ChangeRecord, now: number): Verdict {
  if (change.status === "asked") {
    return { accepted: true, does: "put-back" };
  }
  if (change.status !== "put-back") {
    return tooLate(change);
  }
  return now < Date.parse(change.undoUntil)
    ? { accepted: true, does: "undo" }
    : refused("expired", "This can no longer be undone: it was put back more than 30 days ago.");
}

/** Why it is too late for a decision. */
export function tooLate({ status, mode, decidedBy, undoneBy }: ChangeRecord): Refusal {
  const by = (who: string | undefined): string => (who === undefined ? "" : ` by ${personIn(who)}`);
  switch (status) {
    case "told":
      return mode === "approve"
        ? refused("expired", "It is too late: nobody decided in time, and nothing was changed.")
        : refused("nothing to decide", "There is nothing to decide about this change.");
    case "acting":
      return refused("already decided", `This is decided already${by(decidedBy)}, and being done at this moment.`);
    case "put-back":
      return refused("already decided", `The change was put back already${by(decidedBy)}.`);
    case "kept":
      return refused("already decided", `The change was approved already${by(decidedBy)}.`);
    case "undoing":
      return refused("already decided", `This is being undone at this moment${by(undoneBy)}.`);
    case "undone":
      return refused("already undone", `This was undone already${by(undoneBy)}.`);
    case "closed":
      return refused("already closed", "What this change opened was closed meanwhile. There is nothing left to decide.");
    case "asked":
    case "not-touched":
    case "failed":
      return refused("nothing to decide", "There is nothing that a press could change here. Look at the group in the console.");
  }
}

/** Undoing was started before: it is under way, or it was refused more than once for the same reason. */
export const startedAlready = ({ id, undoRefused }: ChangeRecord): Refusal =>
  undoRefused === undefined
    ? refused("already decided", "This is being undone already.")
    : refused("already decided", `This was tried before, and refused: ${plain(undoRefused)}. When that is mended: npm run undo -- ${id}`);

/** Without what Slack takes for more than text. */
const plain = (text: string): string => text.replace(/[<>&]/g, "");

/** A Slack user as a mention, which Slack shows by name; anybody else by name or ARN. */
const personIn = (who: string): string => (/^[UW][A-Z0-9]{5,20}$/.test(who) ? `<@${who}>` : plain(who));
