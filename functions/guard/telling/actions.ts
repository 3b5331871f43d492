import type { AlertAction } from "../../alert";
import { cut } from "../../normalize/bounds";
import { rulesInWords } from "../../security-groups/words";
import type { ChangeRecord } from "../record";
import { groupName } from "./group";

/** Longest list of rules in a question, in characters: a dialog has room for 300. */
const LONGEST = 180;

/** Whether what tocsin did can still be undone. */
export const isUndoable = ({ status, steps, undoUntil }: ChangeRecord, now: number): boolean =>
  status === "put-back" && steps.length > 0 && now < Date.parse(undoUntil);

/** What people can decide about a change by a press. */
export function actionsOf(change: ChangeRecord, now: number): AlertAction[] {
  const { id: value, status, offending } = change;
  const what = cut(rulesInWords(offending), LONGEST);
  const where = cut(groupName(change), 64);
  if (status === "asked") {
    return [
      { id: "approve", label: "Approve", value },
      { id: "undo", label: "Undo", value, confirm: `Takes ${what} out of ${where}, as it was before the change.` },
    ];
  }
  return isUndoable(change, now)
    ? [{ id: "undo", label: "Undo", value, confirm: `Restores what tocsin put back in ${where}: ${what} is open again.` }]
    : [];
}
