import { isoAfter } from "../duration";
import { CHANNEL } from "../episodes/changes";
import { type UpdateExpression, updateExpression } from "../episodes/update-expression";

/** How long it is remembered who was told of a storm, in milliseconds. DynamoDB's TTL only tidies up. */
export const FLUSH_KEPT = 90 * 86_400_000;

/** Records that a channel accepted a storm's message. Refused (condition) when the storm is forgotten. */
export const stormDelivery = (channel: string, now: number): UpdateExpression =>
  updateExpression(
    { set: { [CHANNEL + channel]: isoAfter(now, 0), expires: Math.ceil((now + FLUSH_KEPT) / 1000) } },
    { expression: "attribute_exists(#tellings)" },
  );
