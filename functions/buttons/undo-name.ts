import { createHash } from "node:crypto";
import type { ChangeRecord } from "../guard/record";

/**
 * Name of the execution that undoes what was done about a change. Step Functions starts one of a name only, so that two presses at once undo once. When the undo
 * was refused, it can be tried again under another name.
 */
export const undoName = ({ id, undoRefused }: Pick<ChangeRecord, "id" | "undoRefused">): string =>
  undoRefused === undefined ? `${id}-undo` : `${id}-undo-${createHash("sha256").update(undoRefused).digest("hex").slice(0, 8)}`;
