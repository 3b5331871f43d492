import { createHash } from "node:crypto";
import { isRecord } from "../graph";

/** A message attribute as the API has it. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64, as in the JSON protocol. */
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly sender: string;
  /** Trace header of whoever sent it. */
  readonly trace: string;
  readonly sentAt: number;
  /** The queue it was moved from. */
  deadLetterSource?: string;
  receiveCount: number;
  firstReceivedAt?: number;
  /** From when on it can be received (again). */
  visibleAt: number;
  receipt?: string;
  /** What its consumer said when it failed, for the report. */
  lastError?: string;
}

const md5 = (data: string | Buffer): string => createHash("md5").update(data).digest("hex");

export const bodyDigest = (body: string): string => md5(body);

/** MD5 over the attributes in the order of their names, as the SQS Developer Guide defines it. */
export function attributesDigest(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) {
    return undefined;
  }
  const lengthAndBytes = (data: Buffer): Buffer[] => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return [length, data];
  };
  return md5(
    Buffer.concat(
      names.flatMap((name) => {
        const { DataType, StringValue, BinaryValue } = attributes[name] ?? { DataType: "String" };
        const value = BinaryValue === undefined ? Buffer.from(StringValue ?? "") : Buffer.from(BinaryValue, "base64");
        return [
          ...lengthAndBytes(Buffer.from(name)),
          ...lengthAndBytes(Buffer.from(DataType)),
          Buffer.from([BinaryValue === undefined ? 1 : 2]),
          ...lengthAndBytes(value),
        ];
      }),
    ),
  );
}

/** Size that counts for the limits: body and attributes (name, type, value). */
export function sizeOf(body: string, attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (size, [name, { DataType, StringValue = "", BinaryValue = "" }]) =>
      size +
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue) +
      Buffer.from(BinaryValue, "base64").length,
    Buffer.byteLength(body),
  );
}

/** Reads message attributes of a request. */
export function readAttributes(value: unknown): MessageAttributes {
  if (!isRecord(value)) {
    return {};
  }
  const text = (field: unknown): string | undefined => (typeof field === "string" ? field : undefined);
  return Object.fromEntries(
    Object.entries(value)
      .filter((entry): entry is [string, Readonly<Record<string, unknown>>] => isRecord(entry[1]))
      .map(([name, attribute]) => {
        const StringValue = text(attribute.StringValue);
        const BinaryValue = text(attribute.BinaryValue);
        return [
          name,
          {
            DataType: text(attribute.DataType) ?? "String",
            ...(StringValue === undefined ? {} : { StringValue }),
            ...(BinaryValue === undefined ? {} : { BinaryValue }),
          },
        ];
      }),
  );
}

/** Text attributes from a plain object. */
export const textAttributes = (texts: Readonly<Record<string, string>>): MessageAttributes =>
  Object.fromEntries(Object.entries(texts).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]));

/** System attributes of a received message. */
export const systemAttributes = (message: Message): Record<string, string> => ({
  ApproximateReceiveCount: String(message.receiveCount),
  SentTimestamp: String(message.sentAt),
  SenderId: message.sender,
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
  AWSTraceHeader: message.trace,
  ...(message.deadLetterSource === undefined ? {} : { DeadLetterQueueSourceArn: message.deadLetterSource }),
});
