import { log, messageOf } from "../log";
import { count } from "../metrics";

/** Metric of scheduled runs that could not do their work; an alarm watches it. */
export const FAILED_RUNS = "FailedRuns";

/**
 * Makes a handler of a schedule's run. A run that fails (the table or AWS Organizations does not answer) is logged and counted instead of thrown: the next run
 * does everything that this one left, so repeating or dead-lettering it would help nobody.
 * @param name short name of the schedule.
 */
export const scheduled =
  <Context, Report>(name: string, run: (context: Context) => Promise<Report>) =>
  async (_event: unknown, context: Context): Promise<Report | undefined> => {
    try {
      const report = await run(context);
      log({ kind: name, ...report });
      count(FAILED_RUNS, 0);
      return report;
    } catch (error) {
      log({ kind: name, failed: messageOf(error) });
      count(FAILED_RUNS, 1);
      return undefined;
    }
  };
