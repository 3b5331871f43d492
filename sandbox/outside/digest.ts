import { createHash } from "node:crypto";

/** What a message to a webhook is known by, as webhooks answer nothing that could name it: the beginning of the SHA-256 of the exact request body. */
export const bodyId = (body: Buffer): string => createHash("sha256").update(body).digest("hex").slice(0, 32);

/** The object that a JSON text is; undefined if it is none. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
