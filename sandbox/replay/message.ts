import { publicationOf } from "../runtime/sns/publication";
import type { ObservedCall } from "../types";
import type { DeliveryEntry } from "./report";

/** A message on its way out, as the receiving service accepted it. */
export interface Message {
  readonly kind: DeliveryEntry["kind"];
  /** What the service answered; the delivery's log line names it. */
  readonly messageId: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attachments: readonly { readonly name: string; readonly content: Uint8Array }[];
}

/** A mail as the report and the inbox show it. */
export interface MailPayload extends Record<string, unknown> {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** An object that a function wrote. */
export interface StoredObject {
  readonly account: string;
  readonly bucket: string;
  readonly key: string;
  readonly content: Uint8Array;
}

/** The message that a call to AWS sent to people, if it did: an accepted mail, or a publication on a topic. */
export function messageOf({ call, status, answer }: ObservedCall): Message | undefined {
  if (status >= 300) {
    return undefined;
  }
  switch (`${call.service}:${call.operation}`) {
    case "ses:SendEmail":
      return mailOf(call.input, answer);
    case "sns:Publish":
      return { kind: "sns", messageId: text(at(answer, "MessageId")), payload: publicationOf(call.input), attachments: [] };
    default:
      return undefined;
  }
}

function mailOf(input: Readonly<Record<string, unknown>>, answer: unknown): Message {
  const simple = at(input, "Content", "Simple");
  const payload: MailPayload = {
    from: text(at(input, "FromEmailAddress")),
    to: ["ToAddresses", "CcAddresses", "BccAddresses"].flatMap((field) => list(at(input, "Destination", field)).map(text)),
    subject: text(at(simple, "Subject", "Data")),
    html: text(at(simple, "Body", "Html", "Data")),
    text: text(at(simple, "Body", "Text", "Data")),
  };
  return {
    kind: "email",
    messageId: text(at(answer, "MessageId")),
    payload,
    attachments: list(at(simple, "Attachments")).map((attachment) => ({
      name: text(at(attachment, "FileName")),
      content: Buffer.from(text(at(attachment, "RawContent")), "base64"),
    })),
  };
}

/** The object that a call wrote, if it did. */
export function objectOf({ call, status }: ObservedCall): StoredObject | undefined {
  const { Bucket, Key, Body } = call.input;
  return call.service === "s3" && call.operation === "PutObject" && status < 300 && Body instanceof Uint8Array
    ? { account: call.account, bucket: text(Bucket), key: text(Key), content: unchunked(Body, call.headers["content-encoding"]) }
    : undefined;
}

/** The content of a body that SDK clients send in signed pieces: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
function unchunked(body: Uint8Array, encoding = ""): Uint8Array {
  if (!encoding.includes("aws-chunked")) {
    return body;
  }
  const buffer = Buffer.from(body);
  const pieces: Buffer[] = [];
  for (let position = 0; ; ) {
    const line = buffer.indexOf("\r\n", position);
    const size = Number.parseInt(buffer.toString("latin1", position, line), 16);
    if (line < 0 || !(size > 0)) {
      return Buffer.concat(pieces);
    }
    pieces.push(buffer.subarray(line + 2, line + 2 + size));
    position = line + 2 + size + 2;
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  );
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
