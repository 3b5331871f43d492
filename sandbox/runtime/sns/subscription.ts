import { compilePattern } from "../event-bridge/pattern";
import type { Recorded } from "../graph";
import type { MessageAttributes } from "../sqs/message";
import { messageFor, type Publication } from "./publication";

/** A subscription that the runtime delivers to. */
export interface Subscription {
  readonly topic: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** The message alone, without SNS's envelope. */
  readonly raw: boolean;
  readonly wants: (publication: Publication) => boolean;
}

export function readSubscription(recorded: Recorded): Subscription {
  const protocol = recorded.text("protocol");
  const policy = recorded.json("filterPolicy");
  const matches = policy === undefined || policy === "" ? undefined : compilePattern(policy);
  const ofBody = recorded.optionalText("filterPolicyScope") === "MessageBody";
  return {
    topic: recorded.text("topic"),
    protocol,
    endpoint: recorded.text("endpoint"),
    raw: recorded.get("rawMessageDelivery") === true,
    wants: (publication) => matches === undefined || matches(ofBody ? bodyOf(messageFor(protocol, publication)) : valuesOf(publication)),
  };
}

function bodyOf(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return {};
  }
}

/** Attributes as filter policies see them. */
const valuesOf = ({ MessageAttributes = {} }: Publication): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { DataType, StringValue = "" }]) => [
      name,
      DataType.startsWith("Number") ? Number(StringValue) : DataType === "String.Array" ? bodyOf(StringValue) : StringValue,
    ]),
  );

/** What a queue gets: https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html */
export function notification(publication: Publication, topic: string, messageId: string, now: number): string {
  const { Subject, MessageAttributes } = publication;
  return JSON.stringify({
    Type: "Notification",
    MessageId: messageId,
    TopicArn: topic,
    ...(Subject !== undefined && { Subject }),
    Message: messageFor("sqs", publication),
    Timestamp: new Date(now).toISOString(),
    SignatureVersion: "1",
    Signature: "none in the sandbox",
    SigningCertURL: "",
    UnsubscribeURL: "",
    ...(MessageAttributes !== undefined && { MessageAttributes: enveloped(MessageAttributes) }),
  });
}

const enveloped = (attributes: MessageAttributes): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue },
    ]),
  );
