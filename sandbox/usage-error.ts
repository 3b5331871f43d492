/** Something that the user can put right: wrong arguments, settings or files. Shown as one sentence, without a stack; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Exit code for what the user can put right. */
export const USAGE_EXIT_CODE = 2;
