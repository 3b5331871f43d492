import { fits } from "./match";
import type { Subject, When } from "./route";

/** The team's own instructions for some findings. */
export interface Runbook {
  /** Absent: for all. */
  readonly when?: When;
  /** https. */
  readonly url: string;
}

/** The address of the first runbook that fits, or undefined: then AWS's guidance has to do. */
export const runbookFor = (runbooks: readonly Runbook[], subject: Subject): string | undefined =>
  runbooks.find(({ when }) => fits(when ?? {}, subject))?.url;
