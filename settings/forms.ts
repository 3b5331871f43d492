import { isIP } from "node:net";
import { z } from "zod";
import { durationMilliseconds } from "../functions/duration";
import { looksLikeCredential, notAllowed } from "./fault";

/** The building blocks of the schema: each knows what it allows and says so in its message. */

type Issue = { readonly input?: unknown };
const explain = (allowed: string | readonly string[]) => (issue: Issue) => notAllowed(issue.input, allowed);

/** A group of settings with fixed names. An unknown name is a fault; its message is the list of known ones, from which the parser makes a proposal. */
export function group<T extends z.core.$ZodLooseShape>(shape: T) {
  const names = Object.keys(shape).join(", ");
  return z
    .strictObject(shape, {
      error: (issue) => (issue.code === "unrecognized_keys" ? names : notAllowed(issue.input, `a group of ${names}`)),
    })
    .readonly();
}

/** One of several groups, told apart by the value of one key. */
export function choice<const T extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]]>(
  key: string,
  options: T,
) {
  return z.discriminatedUnion(key, options, {
    error: (issue) => {
      if (issue.code !== "invalid_union") return notAllowed(issue.input, `a group with ${key}`);
      return notAllowed((issue.input as Record<string, unknown>)[key], ((issue.options ?? []) as readonly unknown[]).map(String));
    },
  });
}

/** A list with at least one entry. */
export function list<T extends z.ZodType>(entry: T, { of, max }: { readonly of: string; readonly max?: number }) {
  const entries = z
    .array(entry, { error: explain(`a list of ${of}`) })
    .min(1, { error: `an empty list is not allowed; allowed: a list of ${of}` });
  const bounded =
    max === undefined
      ? entries
      : entries.max(max, { error: (issue) => `${lengthOf(issue.input)} entries are not allowed; allowed: at most ${max}` });
  return bounded.readonly();
}
const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** A list that may be empty, which is its default. */
export const listOrNothing = <T extends z.ZodType>(entry: T, { of }: { readonly of: string }) =>
  z
    .array(entry, { error: explain(`a list of ${of}`) })
    .readonly()
    .default([]);

export const oneOf = <const T extends readonly string[]>(values: T) => z.enum(values, { error: explain(values) });

export const wholeNumber = (min: number, max: number) =>
  z
    .int({ error: explain(`a whole number from ${min} to ${max}`) })
    .min(min, { error: explain(`a whole number from ${min} to ${max}`) })
    .max(max, { error: explain(`a whole number from ${min} to ${max}`) });

export const flag = z.boolean({ error: explain("true, false") });

/** A text of a given form. A number where a text belongs was most likely meant as one: YAML reads unquoted digits as a number. */
function text(allowed: string, form: RegExp | ((value: string) => boolean)) {
  const holds = form instanceof RegExp ? (value: string) => form.test(value) : form;
  const error = (issue: Issue) =>
    typeof issue.input === "number" || typeof issue.input === "boolean"
      ? `${issue.input} is a ${typeof issue.input}; quote it: "${issue.input}"; allowed: ${allowed}`
      : notAllowed(issue.input, allowed);
  return z.string({ error }).refine(holds, { error });
}

/** A duration such as `30m`, `12h`, `5d` or `2w`; the type says that it was checked. */
export type Duration = z.output<ReturnType<typeof duration>>;

const DURATION = /^[1-9]\d{0,5}[mhdw]$/;

/** A duration of at most `max`. */
export const duration = ({ max }: { readonly max: string }) =>
  text(
    `a duration such as 30m, 12h, 5d or 2w, at most ${max}`,
    (value) => DURATION.test(value) && durationMilliseconds(value) <= durationMilliseconds(max),
  ).brand<"Duration">();

/** Seconds of a duration. */
export const durationSeconds = (value: Duration): number => durationMilliseconds(value) / 1000;

export const accountId = text("12 digits in quotes", /^\d{12}$/);
export const accountNameOrId = text(
  "an account's name, or its id of 12 digits in quotes",
  (value) => /\S/.test(value) && (!/^\d+$/.test(value) || value.length === 12),
);
export const region = text("a Region such as eu-west-1", /^[a-z]{2}(-[a-z]+){1,2}-\d$/);
export const organizationalUnitId = text(
  "the id of the root or of an organizational unit, such as r-abcd or ou-abcd-12345678",
  /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/,
);
export const words = (what: string) => text(`${what}, not empty`, /\S/);
export const roleName = text("the name of an IAM role, up to 64 letters, digits and +=,.@_-", /^[\w+=,.@-]{1,64}$/);
export const emailAddress = text(
  "an e-mail address such as soc@example.com",
  (value) => value.length <= 254 && /^[^\s@<>()[\],;:\\"]+@([a-z\d]([a-z\d-]*[a-z\d])?\.)+[a-z]{2,}$/i.test(value),
);
export const phoneNumber = text('a phone number with country code, in quotes, such as "+447700900123"', /^\+[1-9]\d{6,14}$/);
export const httpsUrl = text("an https address without user and password in it", (value) => httpsAddress(value) !== undefined);
/** SNS delivers to public endpoints only, whose certificate names a host: https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html */
export const httpsEndpoint = text("an https address of a public host, without user and password in it", (value) =>
  HOST_NAME.test(httpsAddress(value)?.hostname ?? ""),
);
const HOST_NAME = /^([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z]{2,63}$/;

/** The address, if it is https and holds no credentials: they would be read by everyone who reads the settings. */
function httpsAddress(value: string): URL | undefined {
  const url = /^https:\/\/\S+$/.test(value) && URL.canParse(value) ? new URL(value) : undefined;
  return url?.username === "" && url.password === "" ? url : undefined;
}

export const hostName = text("the name of a host such as siem.example.com, no IP address", HOST_NAME);
export const queueArn = text("the ARN of an SQS queue", /^arn:aws[\w-]*:sqs:[a-z\d-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/);
export const trailArn = text("the ARN of a CloudTrail trail", /^arn:aws[\w-]*:cloudtrail:[a-z\d-]+:\d{12}:trail\/[\w.-]{3,128}$/);
export const slackChannelId = text(
  "a Slack channel id such as C0123456789 (in Slack: channel details, at the bottom), not its name",
  /^[CGD][A-Z0-9]{6,20}$/,
);
export const slackUserId = text("a Slack user id such as U0123456789 (in Slack: profile, copy member ID)", /^[UW][A-Z0-9]{6,20}$/);
export const secretName = text(
  "the name of a secret in Secrets Manager; the secret itself is kept there, never here",
  (value) => /^[\w/+=.@-]{1,512}$/.test(value) && !looksLikeCredential(value),
);
export const logGroupName = text("the name of a log group", /^[\w./#-]{1,512}$/);
export const tagKey = text("the key of a tag, up to 128 letters, digits and +-=._:/@", /^[\p{L}\p{N}\s+\-=._:/@]{1,128}$/u);
export const moment = text(
  'a date and time with time zone, such as "2026-03-03T09:00:00Z"',
  (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value)),
);
export const addressRange = text(
  "an address range such as 10.0.0.0/8 or 2001:db8::/32, without bits set behind the prefix",
  isAddressRange,
);

function isAddressRange(value: string): boolean {
  const [address = "", prefix = "", ...rest] = value.split("/");
  const version = isIP(address);
  const bits = version === 6 ? 128 : 32;
  if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > bits || address.includes("%")) return false;
  const hostBits = BigInt(bits - Number(prefix));
  return addressNumber(address, version) % (1n << hostBits) === 0n;
}

function addressNumber(address: string, version: number): bigint {
  if (version === 4) return address.split(".").reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  // The URL parser writes an embedded IPv4 address as two groups, so that only hexadecimal groups remain.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":"));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const zeros = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after].reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n);
}

/** A group of settings whose names are the user's own. */
export const named = <T extends z.ZodType>(entry: T) =>
  z.record(z.string(), entry, { error: explain("a group of names and what they stand for") }).readonly();

/** Tags, key by key. */
export const tags = z
  .record(tagKey, text("the value of a tag", /^[^\p{Cc}]{0,256}$/u), { error: explain("a group of keys and values of tags") })
  .refine((value) => Object.keys(value).length > 0, { error: "no tag is given; allowed: at least one key and value" })
  .readonly();
