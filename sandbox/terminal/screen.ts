import { styleText } from "node:util";

/** Where text for a person goes. */
export interface Screen {
  /** Writes text as it is, without a line end. */
  write(text: string): void;
  /** Columns that may be used. */
  readonly width: number;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly accent: (text: string) => string;
}

/** The widest that we print, however wide the terminal is. */
const WIDEST = 100;

interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * A screen on a stream, in colour on a terminal only.
 * @param environment `NO_COLOR` turns colour off (no-color.org).
 */
export function screenOn(output: Output, environment: Readonly<Record<string, string | undefined>>): Screen {
  const coloured = output.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
  const style =
    (format: Parameters<typeof styleText>[0]) =>
    (text: string): string =>
      coloured ? styleText(format, text, { validateStream: false }) : text;
  return {
    write: (text) => void output.write(text),
    width: Math.max(60, Math.min(WIDEST, output.columns || WIDEST)),
    bold: style("bold"),
    dim: style("dim"),
    good: style("green"),
    bad: style(["red", "bold"]),
    accent: style("cyan"),
  };
}

/** Writes lines. */
export function print(screen: Screen, ...lines: readonly string[]): void {
  for (const line of lines) {
    screen.write(`${line}\n`);
  }
}
