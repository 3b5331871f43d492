import type { FaultError } from "../../types";
import type { OutsideAnswer, OutsideRequest, OutsideService, Reply, Taken } from "../service";
import { type Refusal, refusalOf } from "./blocks";
import { bodyOf } from "./body";
import type { Values } from "./fault";
import { Pace } from "./pace";
import { BOT, messageOf, TEAM, Workspace } from "./workspace";

export interface SlackApiParts {
  /** Ids of the workspace's channels. */
  readonly channels: ReadonlySet<string>;
  /** The bot tokens that count at this moment. */
  readonly tokens: () => Promise<readonly string[]>;
  /** Virtual time, milliseconds since the epoch. */
  readonly now: () => number;
}

const ok = (values: Values, taken?: Taken): Reply => ({ answer: { status: 200, body: { ok: true, ...values } }, ...(taken && { taken }) });
const failed = (error: string, more: Values = {}): Reply => ({ answer: { status: 200, body: { ok: false, error, ...more } } });

/** As Slack says it: https://docs.slack.dev/apis/web-api/#responses */
const refused = ({ error, faults }: Refusal): Reply => {
  const errors = faults.map(({ message, pointer }) => `${message} [json-pointer:${pointer}]`);
  return failed(error, errors.length > 0 ? { errors, response_metadata: { messages: errors.map((one) => `[ERROR] ${one}`) } } : {});
};

const tooFast = (seconds: number): OutsideAnswer => ({
  status: 429,
  headers: { "retry-after": String(seconds) },
  body: { ok: false, error: "ratelimited" },
});

const methodOf = ({ url }: OutsideRequest): string => /^\/api\/([\w.]+)\/?$/.exec(url.pathname)?.[1] ?? "";

/** Slack's Web API, as far as messages go: errors and limits as Slack documents them. */
export function slackApi({ channels, tokens, now }: SlackApiParts): OutsideService {
  const workspace = new Workspace(channels, now);
  const pace = new Pace(now);

  const posted = (values: Values): Reply => {
    const { channel } = values;
    if (!workspace.hasChannel(channel)) {
      return failed("channel_not_found");
    }
    const refusal = refusalOf(values);
    if (refusal !== undefined) {
      return refused(refusal);
    }
    const wait = pace.take(channel);
    if (wait !== undefined) {
      return { answer: tooFast(wait) };
    }
    const ts = workspace.post(channel);
    const taken = { what: "message", kind: "slack", messageId: `${channel}/${ts}`, payload: values } as const;
    return ok({ channel, ts, message: messageOf(ts, values) }, taken);
  };

  const updated = (values: Values): Reply => {
    const { channel, ts } = values;
    if (!workspace.hasChannel(channel)) {
      return failed("channel_not_found");
    }
    if (!workspace.has(channel, ts)) {
      return failed("message_not_found");
    }
    const refusal = refusalOf(values);
    const taken = { what: "update", messageId: `${channel}/${String(ts)}`, payload: values } as const;
    return refusal === undefined
      ? ok({ channel, ts, text: values.text ?? "", message: messageOf(String(ts), values) }, taken)
      : refused(refusal);
  };

  const reacted = ({ channel, timestamp, name }: Values): Reply => {
    if (!workspace.hasChannel(channel)) {
      return failed("channel_not_found");
    }
    if (!workspace.has(channel, timestamp)) {
      return failed("message_not_found");
    }
    if (typeof name !== "string" || !/^[a-z0-9_+'-]+(?:::skin-tone-[2-6])?$/.test(name)) {
      return failed("invalid_name");
    }
    return workspace.react(channel, timestamp, name)
      ? ok({}, { what: "reaction", messageId: `${channel}/${String(timestamp)}`, name })
      : failed("already_reacted");
  };

  const methods: Readonly<Record<string, (values: Values) => Reply>> = {
    "auth.test": () =>
      ok({ url: "https://sandbox.slack.com/", team: "sandbox", user: "tocsin", team_id: TEAM, user_id: BOT.user, bot_id: BOT.bot }),
    "chat.postMessage": posted,
    "chat.update": updated,
    "reactions.add": reacted,
  };

  return {
    name: "slack",
    hasHost: (hostname) => hostname === "slack.com" || hostname === "www.slack.com",
    operationOf: methodOf,
    async answer(request) {
      const name = methodOf(request);
      const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
      if (method === undefined) {
        return failed("unknown_method", { req_method: name });
      }
      const { token, values } = bodyOf(request);
      if (token === undefined) {
        return failed("not_authed");
      }
      return (await tokens()).includes(token) ? method(values) : failed("invalid_auth");
    },
    failure: ({ code, status, retryAfter }: FaultError) => ({
      status,
      ...(status === 429 && { headers: { "retry-after": String(retryAfter) } }),
      body: { ok: false, error: code },
    }),
  };
}
