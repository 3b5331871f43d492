import { jsonObject } from "../digest";
import type { OutsideRequest } from "../service";
import type { Values } from "./fault";

/** Fields of a form that are JSON themselves. */
const NESTED = new Set(["blocks", "attachments", "metadata"]);

const flag = (text: string): unknown => (text === "true" ? true : text === "false" ? false : text);

function fieldOf(name: string, text: string): unknown {
  if (!NESTED.has(name)) {
    return flag(text);
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What a request asks, with whose token. The form of a body makes no difference to Slack, and none here; the token is no part of what went out. */
export function bodyOf({ url, headers, body }: OutsideRequest): { readonly token: string | undefined; readonly values: Values } {
  const text = body.toString("utf8");
  const { token, ...values } = /^application\/json/i.test(headers["content-type"] ?? "")
    ? (jsonObject(text) ?? {})
    : Object.fromEntries([...url.searchParams, ...new URLSearchParams(text)].map(([name, value]) => [name, fieldOf(name, value)]));
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  return { token: bearer ?? (typeof token === "string" ? token : undefined), values };
}
