import { createHash } from "node:crypto";
import { episodeId, episodeKey } from "../episodes/key";
import type { Severity } from "../finding";
import type { Actor, SecurityGroupCall } from "../security-groups/change";
import type { Step } from "../security-groups/put-back";
import type { Rule } from "../security-groups/rule";
import type { GuardMode } from "./settings";

/** Where a security group is. */
export interface GroupPlace {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  readonly groupId: string;
}

/** How far a change has come. */
export type ChangeStatus =
  /** People are told, or about to be; tocsin changed nothing (yet). */
  | "told"
  /** Somebody was asked by message; the workflow waits for an answer. */
  | "asked"
  /** It was decided what to do, by somebody's press or by the settings, and that is being done. */
  | "acting"
  /** What it added is taken back. */
  | "put-back"
  /** It stays: somebody approved it, or it is exempt or harmless. */
  | "kept"
  /** Taking it back is being undone. */
  | "undoing"
  /** Taking it back was undone: what it added is there again, and stays. */
  | "undone"
  /** It was to be taken back, but nothing of it could safely be touched. */
  | "not-touched"
  /** EC2 refused to take it back. */
  | "failed"
  /** What it opened was closed by somebody else. */
  | "closed";

/** Statuses in which what the change opened is, as far as is known, still open and nobody approved it. */
export const OPEN_STATUSES: readonly ChangeStatus[] = ["told", "asked", "acting", "not-touched", "failed"];

/** Whether what the change opened is, as far as is known, still open and nobody approved it. */
export const isOpen = ({ status }: Pick<ChangeRecord, "status">): boolean => OPEN_STATUSES.includes(status);

/** What uses a group, by what people call it (a Name tag where there is one, else an id): the blast radius of a rule. At most 20 of each. */
export interface Protects {
  readonly instances: readonly string[];
  readonly loadBalancers: readonly string[];
  readonly databases: readonly string[];
  /** Other network interfaces, by their description or id. */
  readonly others: readonly string[];
}

/** A rule that was left alone, in words, and why. */
export interface Untouched {
  /** For example `TCP 22 (SSH) to 0.0.0.0/0`. */
  readonly what: string;
  readonly why: string;
}

/** A change of a security group that opens what nobody approved (or, with `tell: all`, any change), as the table remembers it. Texts are hostile: bounded, not escaped. */
export interface ChangeRecord extends GroupPlace {
  /** What people know it by, `npm run undo -- ID` too: 12 lower-case letters and digits. */
  readonly id: string;
  /** CloudTrail's id of the call; what a sweep found has one made of what it found. */
  readonly eventId: string;
  /** EventBridge's id of the event that the change was first learned from; absent for what a sweep found. */
  readonly envelopeId?: string;
  /** When the call was made, or the sweep found its effect (ISO 8601). */
  readonly at: string;
  readonly groupName?: string;
  readonly vpcId?: string;
  /** Who made the call; absent for what a sweep found. */
  readonly actor?: Actor;
  /** Absent for what a sweep found. */
  readonly call?: SecurityGroupCall;
  readonly found: "event" | "sweep";
  /** The rules that let in what nobody approved, or that could not be judged; with `modified`, as they were written. They have ids as far as these are known. */
  readonly offending: readonly Rule[];
  /** Whether the call wrote over rules that were there, instead of adding them. */
  readonly modified: boolean;
  /** What the change did, in a sentence without its subject: `opens TCP 22 (SSH) to 0.0.0.0/0`. */
  readonly judged: string;
  /** INFORMATIONAL for what is harmless, and told only because `tell` is `all`. */
  readonly severity: Severity;
  /** The touched rules as they were before the change: empty where there were none, absent where that is not known. */
  readonly before?: readonly Rule[];
  /** What is behind the group; absent if that could not be read. */
  readonly protects?: Protects;
  /** Why the change is left alone and not told, for example `the group has the tag tocsin:exempt`. */
  readonly exempt?: string;
  /** Why it could not be judged, or its group not be read: told, not touched. */
  readonly unread?: string;
  readonly mode: GuardMode;
  /** How often this very change was made within an hour each: 1 the first time, at most 3. From 3 on it is told only. */
  readonly repeated: number;
  /** Whether it may be put back at all, by the mode, by what could be read and by how often it was repeated. */
  readonly touchable: boolean;
  readonly status: ChangeStatus;
  /** What tocsin is about to do, written down before it is done, so that an attempt after a crash knows what the crashed one may have done. */
  readonly planned?: readonly Step[];
  /** What tocsin did, with the ids that EC2 knows the rules by. Undoing does the reverse, last first. */
  readonly steps: readonly Step[];
  /** What was left alone when it was put back. */
  readonly untouched?: readonly Untouched[];
  /** `stateOf()` of the group right after tocsin's change: only from there it is undone. */
  readonly after?: string;
  /** Token of the workflow that waits for an answer. It never leaves this record. */
  readonly token?: string;
  /** Who pressed or ran the command: a Slack user (`U0123…`) or an ARN. */
  readonly decidedBy?: string;
  /** Who had it undone. */
  readonly undoneBy?: string;
  /** Why an undo was last refused or failed. */
  readonly undoRefused?: string;
  /** Id of the episode that people are told of. */
  readonly episode: string;
  /** Until when tocsin's change can be undone (ISO 8601). */
  readonly undoUntil: string;
  /** When DynamoDB may forget it (seconds since the epoch). */
  readonly expires: number;
}

const DAY = 86_400_000;

/** How long a change of tocsin's can be undone, in milliseconds. */
export const UNDO_FOR = 30 * DAY;

/**
 * How long a change is remembered, in milliseconds: longer than it can be undone, and than the name of its execution is refused to others (90 days,
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html), so that a very late copy of an event finds at least one of both.
 */
export const REMEMBERED_FOR = 100 * DAY;

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** Id of a change: the same in every copy of its event. 12 letters of base 32 (60 bits). */
export function changeId({ accountId, region, eventId }: Pick<ChangeRecord, "accountId" | "region" | "eventId">): string {
  const bytes = createHash("sha256")
    .update(JSON.stringify([accountId, region, eventId]))
    .digest();
  return [...Array(12).keys()].map((index) => ALPHABET[bits(bytes, index * 5)]).join("");
}

const bits = (bytes: Buffer, first: number): number => (bytes.readUInt16BE(first >> 3) >> (11 - (first & 7))) & 31;

/** Whether a text is an id of a change. */
export const isChangeId = (text: string): boolean => /^[a-z2-7]{12}$/.test(text);

/** The episode of a change: each change is a problem of its own, that is told once. */
export const episodeOf = ({ id, accountId, region }: Pick<ChangeRecord, "id" | "accountId" | "region">): string =>
  episodeId(episodeKey({ origin: "security-group", accountId, region, problem: id }), 1);

/** The times of a change that was found at a moment (milliseconds since the epoch). */
export const timesOf = (now: number): Pick<ChangeRecord, "undoUntil" | "expires"> => ({
  undoUntil: new Date(now + UNDO_FOR).toISOString(),
  expires: Math.ceil((now + REMEMBERED_FOR) / 1000),
});
