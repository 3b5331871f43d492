import { createHash } from "node:crypto";

/** The id of a message to a service that answers none: the beginning of a digest of what was sent. */
export const bodyId = (body: string): string => createHash("sha256").update(body).digest("hex").slice(0, 32);
