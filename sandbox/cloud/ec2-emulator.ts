import { type Place, ServiceError } from "../types";
import { contentOf } from "./answer";
import type { Emulator } from "./emulator";

export type Values = Readonly<Record<string, unknown>>;

/** Asks the emulator's EC2 itself, past what is emulated here. Answers the content of the response as its XML names it. @throws ServiceError */
export type AskEc2 = (place: Place, action: string, input: Values) => Promise<Values>;

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const values = (value: unknown): Values =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : {};
export const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** The form of a nested input: lists are numbered from 1. */
export function formOf(input: Values): URLSearchParams {
  const form = new URLSearchParams();
  const add = (name: string, value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach((one, index) => {
        add(`${name}.${index + 1}`, one);
      });
    } else if (typeof value === "object" && value !== null) {
      for (const [inner, one] of Object.entries(value)) add(`${name}.${inner}`, one);
    } else if (value !== undefined) {
      form.append(name, String(value));
    }
  };
  for (const [name, value] of Object.entries(input)) add(name, value);
  return form;
}

export const askEc2 =
  (emulator: Emulator): AskEc2 =>
  async ({ account, region }, action, input) => {
    const form = formOf(input);
    form.set("Action", action);
    form.set("Version", "2016-11-15");
    const authorization = `AWS4-HMAC-SHA256 Credential=${account}/20260301/${region}/ec2/aws4_request, SignedHeaders=host, Signature=0`;
    const answer = await emulator.forward(
      {
        method: "POST",
        target: "/",
        headers: { authorization, "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
        body: Buffer.from(form.toString()),
      },
      { accessKey: account, region, service: "ec2", operation: action, protocol: "ec2", input },
      account,
    );
    const content = values(contentOf("ec2", answer));
    if (answer.status >= 300) {
      const { Code, Message } = values(values(content.Errors).Error);
      throw new ServiceError(text(Code) || "InternalError", text(Message), answer.status);
    }
    return content;
  };
