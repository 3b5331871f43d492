import { setTimeout } from "node:timers/promises";
import type { Runtime } from "../types";

/** Real time that a call by hand gets before the clock is moved for it, in milliseconds. */
const PATIENCE = 100;

/** Waits for something that may itself wait for the clock: what is due meanwhile is run, as after a line. */
export async function untilDone<T>(runtime: Pick<Runtime, "quiet" | "settle">, work: Promise<T>): Promise<T> {
  const done = work.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([done, setTimeout(PATIENCE, false)]))) {
    await runtime.quiet();
    await runtime.settle();
  }
  return work;
}
