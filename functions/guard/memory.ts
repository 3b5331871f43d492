import { type Rule, sameTraffic, trafficOf } from "../security-groups/rule";

/** What is remembered of a group: what its rules were when they were last read, so that a rule that is written over can be given its former contents. */
export interface GroupMemory {
  readonly rules: readonly Rule[];
  /** When they were read (ISO 8601). */
  readonly seenAt: string;
  /** Earlier contents of rules that were there with other contents before, and when those were last read. */
  readonly past: readonly PastRule[];
  readonly name?: string;
  readonly vpcId?: string;
  /** Traffic (`trafficOf()`) that somebody approved, or had restored, and since when (ISO 8601). */
  readonly accepted: Readonly<Record<string, string>>;
}

export interface PastRule {
  readonly rule: Rule;
  /** ISO 8601. */
  readonly seenAt: string;
}

/** What was read of a group. */
export interface GroupSeen {
  readonly rules: readonly Rule[];
  /** When it was read: the time before the first request (ISO 8601). */
  readonly seenAt: string;
  readonly name?: string;
  readonly vpcId?: string;
}

const HOUR = 3_600_000;

/** How long former contents of a rule are kept, in milliseconds: CloudTrail's events come within minutes, and are tried again for over an hour. */
const PAST_FOR = 24 * HOUR;

/** How long traffic is accepted without a rule that lets it through, in milliseconds: an undo accepts before it restores. */
const ACCEPTED_AHEAD = 60_000;

/** The memory after a group was read; undefined if it was read later already. What was accepted is no part of it: see `stillAccepted`. */
export function remembering(known: GroupMemory | undefined, seen: GroupSeen): Omit<GroupMemory, "accepted"> | undefined {
  if (known === undefined) {
    return { ...seen, past: [] };
  }
  if (known.seenAt >= seen.seenAt) {
    return undefined;
  }
  const now = new Map(seen.rules.map((rule) => [rule.id, rule]));
  const replaced = known.rules.flatMap((rule) => {
    const there = now.get(rule.id);
    return rule.id === undefined || there === undefined || sameTraffic(there, rule) ? [] : [{ rule, seenAt: known.seenAt }];
  });
  const kept = known.past.filter(({ seenAt }) => Date.parse(seenAt) > Date.parse(seen.seenAt) - PAST_FOR);
  return { ...seen, past: [...kept, ...replaced] };
}

/** What a rule was at a time (ISO 8601), as it was last read before; undefined if that is not known. */
export const ruleBefore = (known: GroupMemory | undefined, id: string, time: string): Rule | undefined =>
  versionsOf(known, id).findLast(({ seenAt }) => seenAt < time)?.rule;

/**
 * What a rule was before it was written over. CloudTrail's times are whole seconds, and events come out of order: where nothing was read before that time, it is what
 * was last read with other contents than those that were written.
 */
export const ruleBeforeWriting = (known: GroupMemory | undefined, id: string, written: Rule, time: string): Rule | undefined =>
  ruleBefore(known, id, time) ?? versionsOf(known, id).findLast(({ rule }) => !sameTraffic(rule, written))?.rule;

/** The contents that a rule was read with, the latest last. */
function versionsOf(known: GroupMemory | undefined, id: string): readonly PastRule[] {
  const { past = [], rules = [], seenAt = "" } = known ?? {};
  return [...past, ...rules.map((rule) => ({ rule, seenAt }))].filter(({ rule }) => rule.id === id);
}

/**
 * What of the accepted traffic still is. An approval is of a rule, not for ever: once nothing lets the traffic through any more, opening it again has to be approved
 * again, by whoever and however soon.
 * @param rules the group's rules as they were last read; none if it never was.
 * @param now milliseconds since the epoch.
 */
export function stillAccepted(accepted: GroupMemory["accepted"], rules: readonly Rule[], now: number): GroupMemory["accepted"] {
  const there = new Set(rules.map(trafficOf));
  return Object.fromEntries(
    Object.entries(accepted).filter(([traffic, since]) => there.has(traffic) || Date.parse(since) > now - ACCEPTED_AHEAD),
  );
}
