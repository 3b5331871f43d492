import { createHash, randomBytes } from "node:crypto";
import type { Finding } from "../finding";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Partition key of a problem's record: a hash, so that records spread over DynamoDB's partitions whatever the ids look like. */
export function episodeKey(finding: Pick<Finding, "origin" | "accountId" | "region" | "problem">): string {
  return digest(JSON.stringify([finding.origin, finding.accountId, finding.region, finding.problem]))
    .toString("base64url")
    .slice(0, 22);
}

/** Id of the n-th episode of a problem, as people see it. */
export const episodeId = (key: string, number: number): string => `${key}-${number}`;

/** A new id for a telling: short, because the record holds it twice. */
export const newTelling = (): string => randomBytes(9).toString("base64url");

/** Number of partitions that the index of due episodes is spread over. Each takes 1,000 writes a second, and is asked once by every hourly run. */
export const SHARDS = 4;

/** Partition of the index of due episodes that a key belongs to. */
export const shardOf = (key: string): string => String((digest(key)[0] ?? 0) % SHARDS);

/** Name of the attribute that remembers when Security Hub confirmed the NOTIFIED mark of one of the episode's findings. */
export const confirmationAttribute = (findingId: string): string => `confirmed_${digest(findingId).toString("hex").slice(0, 12)}`;
