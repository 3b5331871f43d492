import { createHash } from "node:crypto";
import type { Finding } from "../finding";

/**
 * What a storm consists of: findings of one origin and kind (control, GuardDuty type or CVE). Samples are apart: who makes some must not have real findings told as
 * samples, nor held because of them.
 */
export type StormKind = Pick<Finding, "origin" | "kind" | "sample">;

/** A channel and its kind. */
export interface FlushChannel {
  readonly name: string;
  readonly kind: string;
}

/** What the keys of storms begin with. */
const STORM_KEY = "storm#";

/** Partition key of the item that counts the findings of a kind. */
export const stormKey = ({ origin, kind, sample }: StormKind): string =>
  `${STORM_KEY}${sample ? "sample#" : ""}${origin}#${createHash("sha256").update(kind).digest("base64url").slice(0, 22)}`;

/** What is told together: those of a kind that were held until a time, in parts if there are very many. */
export interface Part {
  readonly storm: StormKind;
  /** Milliseconds since the epoch. */
  readonly flushAt: number;
  /** From 1. */
  readonly number: number;
}

/** Partition key of the item that says who is working on a flush. */
export const flushKey = (storm: StormKind, flushAt: number): string => `${stormKey(storm)}#${new Date(flushAt).toISOString()}`;

/** Partition key of the item that remembers a part and the channels that were told of it. */
export const partKey = ({ storm, flushAt, number }: Part): string => `${flushKey(storm, flushAt)}#${String(number)}`;

/** Id of a part as people see it, for example `storm-9f86d081884c-20260301T091000-1`. */
export function partId({ storm, flushAt, number }: Part): string {
  const { origin, kind, sample } = storm;
  const hash = createHash("sha256")
    .update(`${sample ? "sample#" : ""}${origin}#${kind}`)
    .digest("hex")
    .slice(0, 12);
  return `storm-${hash}-${new Date(flushAt).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}-${number}`;
}
