import { type Duration, durationMilliseconds } from "../../duration";
import { inWords, spanInWords } from "../../message/words";
import type { ChangeRecord, ChangeStatus } from "../record";

/** What the messages need of `tocsin:approvals` and `tocsin:securityGroupGuard.onTimeout`. */
export interface ApprovalTimes {
  /** How long an answer is waited for. */
  readonly timeout: Duration;
  /** What happens without one. */
  readonly onTimeout: "keep" | "undo";
}

/** Statuses in which nothing is left to look after. */
const OVER: readonly ChangeStatus[] = ["put-back", "kept", "undoing", "undone", "closed"];

/** Whether nothing is left to look after: what was opened is closed again, somebody wants it open, or it never opened anything. */
export const isOver = ({ status, severity, offending, unread }: ChangeRecord): boolean =>
  OVER.includes(status) || (severity === "INFORMATIONAL" && offending.length === 0 && unread === undefined);

/** Who decided or undid, in words: a Slack user by id, of which Slack makes a name; anybody else by the last part of the ARN. */
const by = (who: string): string => `by ${/^[UW][A-Z0-9]{5,20}$/.test(who) ? `@${who}` : (who.split("/").at(-1) ?? who)}`;

const ORDINALS = ["first", "second", "third"];

/** What became of a change, in a sentence or two; undefined while there is nothing to say of it but what it is. */
export function outcomeOf(change: ChangeRecord, times: ApprovalTimes | undefined, now: number): string | undefined {
  const { status, mode, decidedBy, undoneBy, undoRefused } = change;
  switch (status) {
    case "told":
      return untold(change, times);
    case "asked":
      return waiting(times, now);
    case "acting":
      return decidedBy === undefined ? undefined : `Decided ${by(decidedBy)}, and being done.`;
    case "put-back":
      return [
        putBack(change, times),
        leftAlone(change),
        ...(undoRefused === undefined ? [] : [`Undoing that was refused: ${undoRefused.replace(/\.$/, "")}.`]),
      ]
        .filter((sentence) => sentence !== "")
        .join(" ");
    case "kept":
      return decidedBy === undefined ? "Approved." : `Approved ${by(decidedBy)}.`;
    case "undoing":
      return `Put back by tocsin; being undone${undoneBy === undefined ? "" : ` ${by(undoneBy)}`}.`;
    case "undone":
      return `Undone${undoneBy === undefined ? "" : ` ${by(undoneBy)}`}: it is open again, as it was before tocsin put it back.`;
    case "closed":
      return "Closed meanwhile: what it opened is gone.";
    case "not-touched":
      return `Not put back${mode === "approve" && decidedBy !== undefined ? `, as decided ${by(decidedBy)}` : ""}: ${reasons(change) || "nothing of it could safely be touched"}. It is still open.`;
    case "failed":
      return failed(change);
  }
}

/** Why nothing was done about what is only told. */
function untold(
  { mode, repeated, touchable, unread, found, ...change }: ChangeRecord,
  times: ApprovalTimes | undefined,
): string | undefined {
  if (unread !== undefined) {
    return `Not touched: ${unread}.`;
  }
  if (mode === "alert" || change.offending.length === 0) {
    return undefined;
  }
  if (found === "sweep") {
    return "Not touched: it was found by comparing, and who wanted it is not known.";
  }
  if (repeated >= ORDINALS.length) {
    return `Not put back: it is the ${ORDINALS.at(-1)} time within an hour that this was opened. Somebody has to decide.`;
  }
  return mode === "approve" && touchable
    ? `Nobody decided${times === undefined ? "" : ` in ${spanInWords(durationMilliseconds(times.timeout))}`}: nothing was changed. It is still open.`
    : undefined;
}

function waiting(times: ApprovalTimes | undefined, now: number): string {
  if (times === undefined) {
    return "Waiting for a decision.";
  }
  const until = inWords(new Date(now + durationMilliseconds(times.timeout)).toISOString());
  return `Waiting for a decision until ${until}. Without one ${times.onTimeout === "undo" ? "it is put back" : "nothing is changed"}.`;
}

function putBack({ mode, decidedBy, repeated }: ChangeRecord, times: ApprovalTimes | undefined): string {
  if (decidedBy !== undefined) {
    return `Put back by tocsin, as decided ${by(decidedBy)}.`;
  }
  if (mode === "approve" && times !== undefined) {
    return `Nobody decided in ${spanInWords(durationMilliseconds(times.timeout))}: put back by tocsin.`;
  }
  return repeated > 1
    ? `Put back by tocsin, for the ${ORDINALS[repeated - 1]} time within an hour. Next time it stays open.`
    : "Put back by tocsin.";
}

/** What is known of a failure: what EC2 said, or only how far the attempts came that broke off. */
function failed({ planned = [], ...change }: ChangeRecord): string {
  const why = reasons(change);
  if (why !== "") {
    return `Could not be put back: ${why}. It is still open.`;
  }
  return planned.length === 0
    ? "Could not be put back: several attempts broke off before they changed anything. It is still open."
    : "Could not be put back for certain: several attempts broke off, and what they changed is not known. Look at the group.";
}

const reasons = ({ untouched = [] }: ChangeRecord): string => [...new Set(untouched.map(({ why }) => why))].join("; ");

const leftAlone = (change: ChangeRecord): string => {
  const { untouched = [] } = change;
  return untouched.length === 0 ? "" : `Left alone: ${untouched.map(({ what, why }) => `${what} (${why})`).join("; ")}.`;
};
