import { ServiceError } from "../../types";
import { isRecord } from "../graph";
import { type MessageAttributes, readAttributes, sizeOf } from "../sqs/message";

/** Input of Publish, as the SDK has it. */
export interface Publication extends Readonly<Record<string, unknown>> {
  readonly TopicArn?: string;
  readonly TargetArn?: string;
  readonly PhoneNumber?: string;
  readonly Message: string;
  readonly Subject?: string;
  readonly MessageStructure?: string;
  readonly MessageAttributes?: MessageAttributes;
}

/** Bytes of message and attributes: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MOST_BYTES = 262_144;
/** Characters of what is sent to phones, over all parts of a text message. */
const MOST_SMS_CHARACTERS = 1_600;

type Input = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const invalid = (what: string): ServiceError => new ServiceError("InvalidParameter", `Invalid parameter: ${what}`);

/** The Query protocol has maps as lists of names and values. */
function attributesOf(given: unknown): MessageAttributes {
  const entries = Array.isArray(given) ? given.filter(isRecord).map(({ Name, Value }) => [String(Name), Value] as const) : undefined;
  return readAttributes(entries === undefined ? given : Object.fromEntries(entries));
}

/** Reads an input, without a look at whether SNS would take it. */
export function publicationOf(input: Input): Publication {
  const attributes = attributesOf(input.MessageAttributes);
  const texts = ["TopicArn", "TargetArn", "PhoneNumber", "Subject", "MessageStructure"].flatMap((name) => {
    const value = text(input[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(texts),
    Message: text(input.Message) ?? "",
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
  };
}

/** Refuses what SNS would refuse. @throws ServiceError */
export function checkPublication({ Message, Subject, MessageStructure, MessageAttributes = {} }: Publication): void {
  if (Message === "") {
    throw invalid("Empty message");
  }
  if (sizeOf(Message, MessageAttributes) > MOST_BYTES) {
    throw invalid("Message too long");
  }
  // ASCII without line breaks and control characters, up to 100 of it, and no blank at the beginning.
  if (Subject !== undefined && !/^[!-~][ -~]{0,99}$/.test(Subject)) {
    throw invalid("Subject");
  }
  if (MessageStructure !== undefined && MessageStructure !== "json") {
    throw invalid("MessageStructure");
  }
  if (MessageStructure === "json") {
    const { sms } = structureOf(Message);
    if (sms !== undefined && sms.length > MOST_SMS_CHARACTERS) {
      throw invalid("Message too long");
    }
  }
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(MessageAttributes)) {
    if (!/^[A-Za-z0-9_.-]{1,256}$/.test(name) || !/^(?:String|Number|Binary)(?:\.|$)/.test(DataType)) {
      throw new ServiceError("ParameterValueInvalid", `The message attribute '${name}' is not valid.`);
    }
    if ((StringValue ?? BinaryValue ?? "") === "") {
      throw new ServiceError("ParameterValueInvalid", `The message attribute '${name}' must contain a non-empty value.`);
    }
  }
}

/** What each protocol gets of a message with MessageStructure json. Values that are no texts are ignored, as SNS does. */
function structureOf(message: string): Readonly<Record<string, string>> {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    throw invalid("Message Structure - JSON message body failed to parse");
  }
  const entries = isRecord(value) ? Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string") : [];
  const byProtocol = Object.fromEntries(entries);
  if (byProtocol.default === undefined) {
    throw invalid("Message Structure - No default entry in JSON message body");
  }
  return byProtocol;
}

/** The text that subscriptions of a protocol get. */
export function messageFor(protocol: string, { Message, MessageStructure }: Publication): string {
  if (MessageStructure !== "json") {
    return Message;
  }
  const byProtocol = structureOf(Message);
  return byProtocol[protocol] ?? byProtocol.default ?? "";
}
