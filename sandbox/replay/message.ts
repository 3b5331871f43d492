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

/** The message that a call sent to people, if it did: for now an accepted SES SendEmail. */
export function messageOf({ call, status, answer }: ObservedCall): Message | undefined {
  if (call.service !== "ses" || call.operation !== "SendEmail" || status >= 300) {
    return undefined;
  }
  const simple = at(call.input, "Content", "Simple");
  const payload: MailPayload = {
    from: text(at(call.input, "FromEmailAddress")),
    to: ["ToAddresses", "CcAddresses", "BccAddresses"].flatMap((field) => list(at(call.input, "Destination", field)).map(text)),
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

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  );
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
