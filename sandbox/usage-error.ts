/** Something that the user can put right: wrong arguments, settings or files. Shown as one sentence, without a stack; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Exit code for what the user can put right. */
export const USAGE_EXIT_CODE = 2;

/** Exit code for our own faults (sysexits' EX_SOFTWARE): 1 already means that a check did not pass. */
const INTERNAL_EXIT_CODE = 70;

/** Runs a command's main function, which answers the exit code, and turns what it throws into a message on standard error and an exit code. */
export async function runMain(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`tocsin: ${error.message}\n`);
      process.exitCode = USAGE_EXIT_CODE;
    } else {
      process.stderr.write(`tocsin: unexpected fault, please report it.\n${error instanceof Error ? error.stack : String(error)}\n`);
      process.exitCode = INTERNAL_EXIT_CODE;
    }
  }
}
