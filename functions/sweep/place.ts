import { createHash } from "node:crypto";
import type { Rule } from "../security-groups/rule";
import { trafficOf } from "../security-groups/rule";

/** A message of the queue "sweeps": one account and Region that is to be looked at. */
export interface SweptPlace {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /** When the sweep began that it belongs to (ISO 8601). */
  readonly planned: string;
  /** Whether the account joined so recently that its role may not be there yet. */
  readonly isNew?: true;
  /** Of a second look: what the first one found (`suspicion()`). Absent for the first look. */
  readonly suspects?: readonly string[];
}

/** How many suspicions a message takes: SQS takes 256 KB, and each has 8 characters in quotes. What is left over is found again an hour later. */
export const MOST_SUSPECTS = 15_000;

/** What a look remembers of a rule until the next one: whom it lets into which group, as a short digest. */
export const suspicion = (groupId: string, rule: Rule): string =>
  createHash("sha256")
    .update(JSON.stringify([groupId, trafficOf(rule)]))
    .digest("base64url")
    .slice(0, 8);
