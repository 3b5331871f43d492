import { UsageError } from "../usage-error";

/** A line of a replay file that cannot be played; the message names it. */
export class BadLine extends UsageError {
  /**
   * @param file as the user named it.
   * @param line 1-based number.
   */
  constructor(
    readonly file: string,
    readonly line: number,
    readonly reason: string,
  ) {
    super(`line ${line} of ${file}${/^is /.test(reason) ? " " : ": "}${reason}`);
  }
}
