import { readFileSync } from "node:fs";
import { START } from "../runtime/clock";
import { UsageError } from "../usage-error";
import { BadLine } from "./bad-line";
import { type LineContent, LineFaultyError, parseLine } from "./lines";
import { type Answers, fillTemplates, UnknownTemplate } from "./templates";

/** A line of a replay file that passed every check that can be made before anything starts. */
export interface ReplayLine {
  /** 1-based, blank lines count. */
  readonly number: number;
  readonly file: string;
  /** The JSON as written; its templates are filled in when it is played. */
  readonly json: unknown;
  readonly content: LineContent;
}

/** Reads and checks a replay file. @throws UsageError, naming the first bad line. */
export function readReplay(file: string): ReplayLine[] {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${reasonOf(error)}`);
  }
  return parseReplay(text, file);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a directory",
  EACCES: "permission denied",
  ERR_ENCODING_INVALID_ENCODED_DATA: "it is not UTF-8 text",
};

const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ""] ?? message;
};

/** Checks all lines of a replay. @throws BadLine for the first bad one. */
export function parseReplay(text: string, file: string): ReplayLine[] {
  const promised = new Set<string>();
  // The clock is at least here when the line is played; settling after a line may move it a little further.
  let clock = START;
  return text.split("\n").flatMap((source, index) => {
    if (source.trim() === "") {
      return [];
    }
    const number = index + 1;
    const json = parseJson(source, file, number);
    const content = understand(json, {}, file, number, promised);
    if (content.at !== undefined) {
      clock = notBefore(content.at, clock, file, number);
    }
    if (content.action.kind === "advance") {
      clock += content.action.milliseconds;
    }
    if ((content.action.kind === "aws" || content.action.kind === "undo") && content.action.as !== undefined) {
      promised.add(content.action.as);
    }
    return [{ number, file, json, content }];
  });
}

function parseJson(source: string, file: string, number: number): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    // The engine quotes the text and says that it is not valid JSON; the place is what helps.
    const detail = (error as Error).message.replace(/,? *(?:\.\.\.)?".*is not valid JSON$/s, "").replaceAll(/\s+/g, " ");
    throw new BadLine(file, number, `is not valid JSON: ${detail}`);
  }
}

function understand(json: unknown, answers: Answers, file: string, number: number, promised?: ReadonlySet<string>): LineContent {
  try {
    return parseLine(fillTemplates(json, answers, promised));
  } catch (error) {
    if (error instanceof LineFaultyError || error instanceof UnknownTemplate) {
      throw new BadLine(file, number, error.message);
    }
    throw error;
  }
}

/** The line with what earlier lines were answered filled in. @throws BadLine if an answer does not have what the line names. */
export const withAnswers = (line: ReplayLine, answers: Answers): LineContent => understand(line.json, answers, line.file, line.number);

/** The time a line moves the clock to. @throws BadLine if it is past. */
export function notBefore(at: number, now: number, file: string, number: number): number {
  if (at < now) {
    throw new BadLine(
      file,
      number,
      `"at" ${new Date(at).toISOString()} is in the past: the clock is at ${new Date(now).toISOString()} by then`,
    );
  }
  return at;
}
