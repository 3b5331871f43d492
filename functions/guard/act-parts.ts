import type { log } from "../log";
import type { Step } from "../security-groups/put-back";
import type { Rule } from "../security-groups/rule";
import { stepsInWords } from "./ec2-calls";
import type { Ec2, Members } from "./member";
import { readRules } from "./read-group";
import type { ChangeRecord, ChangeStatus, Untouched } from "./record";
import type { GuardSettings } from "./settings";
import type { GuardTable } from "./table";

export interface ActParts {
  readonly settings: GuardSettings;
  readonly table: Pick<GuardTable, "change" | "updateStatus" | "remember" | "acceptTraffic" | "withdrawTraffic" | "acceptedTraffic">;
  readonly members: Members;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Waits, for milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly log: typeof log;
}

/** What became of a task. */
export interface ActAnswer {
  /** Of the change, after the task; `unknown` if there is no such change. */
  readonly status: ChangeStatus | "unknown";
  /** What was done, in words without a subject; "" if nothing was. */
  readonly done: string;
  readonly untouched: readonly Untouched[];
  /** Why the task was refused. */
  readonly refused?: string;
}

/** The answer to a task of which nothing has to be done (any more). */
export const answerOf = (record: ChangeRecord | undefined, refused?: string): ActAnswer => ({
  status: record?.status ?? "unknown",
  done: record === undefined || refused !== undefined ? "" : stepsInWords(record.steps),
  untouched: record?.untouched ?? [],
  ...(refused !== undefined && { refused }),
});

/** A group's rules, and when they were read (ISO 8601). */
export interface Read {
  readonly rules: readonly Rule[];
  readonly seenAt: string;
}

/** Times that a group is read until it shows what was done to it, and the pause between these, in milliseconds: EC2's answers are eventually consistent. */
const LOOKS = 8;
const PAUSE = 1_000;

/** Reads the rules of a group. */
export async function readNow({ now }: Pick<ActParts, "now">, ec2: Ec2, groupId: string): Promise<Read> {
  const seenAt = new Date(now()).toISOString();
  return { rules: await readRules(ec2, groupId), seenAt };
}

/** Reads a group until it shows what was done. @throws if it does not within some seconds: worth another try. */
export async function readUntil(
  parts: Pick<ActParts, "now" | "pause">,
  ec2: Ec2,
  groupId: string,
  shows: (rules: readonly Rule[]) => boolean,
): Promise<Read> {
  for (let look = 0; look < LOOKS; look++) {
    const read = await readNow(parts, ec2, groupId);
    if (shows(read.rules)) return read;
    await parts.pause(PAUSE);
  }
  throw new Error(`EC2 does not show yet what was done to group ${groupId}`);
}

/** Steps without those that are made twice. */
export const distinct = (steps: readonly Step[]): readonly Step[] => [
  ...new Map(steps.map((step) => [JSON.stringify(step), step])).values(),
];
