import { createHmac } from "node:crypto";
import { jsonObject } from "../outside/digest";
import type { Taken } from "../outside/service";
import { responseUrl } from "../outside/slack/response-url";
import { BOT, messageOf, TEAM } from "../outside/slack/workspace";
import { rootOf } from "../runtime/traces";
import type { Runtime, UrlAnswer, UrlRequest } from "../types";
import { type Button, findButton } from "./button";
import type { ShownMessage } from "./journal";
import type { LinePress } from "./lines";
import type { PressLine } from "./log-lines";
import type { PressEntry } from "./report";
import { untilDone } from "./until-done";

/** Slack waits that long for an answer, in milliseconds. */
const PATIENCE = 3_000;

/** Why nothing can be pressed: one sentence. */
export class NoButton extends Error {}

interface Pressed {
  readonly line: number;
  readonly button: string;
  readonly user: string;
  readonly root: string | undefined;
  readonly responseUrl: string;
  accepted: boolean;
  reason: string | null;
  /** What the function said of it. */
  said?: PressLine;
  answer?: string;
}

/** A request as it went out. */
interface SentRequest extends Pick<Pressed, "button" | "user" | "responseUrl"> {
  readonly request: UrlRequest;
}

export interface PressesParts {
  readonly runtime: Runtime;
  readonly shown: () => readonly ShownMessage[];
  /** The value of the app's signing secret. */
  readonly signingSecret: () => Promise<string | undefined>;
}

/** Presses buttons of delivered Slack messages as Slack does: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export class Presses {
  readonly #pressed: Pressed[] = [];
  #last: SentRequest | undefined;
  #count = 0;

  constructor(private readonly parts: PressesParts) {}

  /** What a line asks for. @throws NoButton */
  async press(line: number, press: LinePress): Promise<void> {
    for (let time = 0; time < press.times; time++) {
      const sent = press.replay ? this.#again() : await this.#request(press);
      await this.#send(line, sent);
    }
  }

  /** What a function logged. */
  log(said: PressLine, trace: string): void {
    const root = rootOf(trace);
    const pressed = this.#pressed.find((one) => one.root === root && one.said === undefined);
    if (pressed !== undefined) {
      pressed.said = said;
    }
  }

  /** What Slack took. */
  taken(taken: Taken): void {
    const pressed = taken.what === "response" ? this.#pressed.findLast((one) => one.responseUrl === taken.url) : undefined;
    if (pressed !== undefined && taken.what === "response") {
      pressed.answer = [pressed.answer, taken.payload.text].filter((text) => typeof text === "string").join("\n");
    }
  }

  get entries(): PressEntry[] {
    return this.#pressed.map(({ line, button, user, accepted, reason, said, answer }) => ({
      line,
      button: said?.button ?? button,
      user: said?.user ?? user,
      accepted: said?.accepted ?? accepted,
      reason: said === undefined ? reason : (said.reason ?? null),
      ...(answer !== undefined && { answer }),
    }));
  }

  #again(): SentRequest {
    if (this.#last === undefined) {
      throw new NoButton("nothing was pressed yet that could be sent once more");
    }
    return this.#last;
  }

  async #request({ button: name = "", user = "", message, signature, ageMilliseconds }: LinePress): Promise<SentRequest> {
    const { runtime, shown, signingSecret } = this.parts;
    const button = findButton(shown(), name, message);
    if (button === undefined) {
      throw new NoButton(
        message === "last"
          ? `no Slack message ever offered a button "${name}"`
          : `delivery ${message} is no Slack message that ever offered a button "${name}"`,
      );
    }
    const [url] = runtime.functionUrls;
    const secret = await signingSecret();
    if (url === undefined || runtime.functionUrls.length > 1 || secret === undefined) {
      throw new NoButton("this stack has not exactly one function URL and a signing secret, so that Slack could not tell it of presses");
    }
    this.#count += 1;
    const respondTo = responseUrl(runtime.now(), this.#count);
    const payload = JSON.stringify(payloadOf(button, user, respondTo, runtime.now(), this.#count));
    const body = `payload=${encodeURIComponent(payload)}`;
    const timestamp = String(Math.floor((runtime.now() - ageMilliseconds) / 1_000));
    const key = signature === "good" ? secret : `not ${secret}`;
    const signed = createHmac("sha256", key).update(`v0:${timestamp}:${body}`).digest("hex");
    const headers = {
      accept: "application/json,*/*",
      "accept-encoding": "gzip,deflate",
      "content-type": "application/x-www-form-urlencoded",
      "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": `v0=${signed}`,
    };
    return { button: name, user, responseUrl: respondTo, request: { method: "POST", url, headers, body: Buffer.from(body) } };
  }

  async #send(line: number, sent: SentRequest): Promise<void> {
    this.#last = sent;
    const { runtime } = this.parts;
    const since = runtime.now();
    const { answer, trace } = runtime.requestUrl(sent.request, "person");
    const { button, user, responseUrl } = sent;
    const pressed: Pressed = { line, button, user, root: rootOf(trace), responseUrl, accepted: false, reason: null };
    this.#pressed.push(pressed);
    const { status, body } = await untilDone(runtime, answer);
    const isLate = runtime.now() - since > PATIENCE;
    pressed.accepted = status >= 200 && status < 300 && !isLate;
    pressed.reason = isLate ? "no answer within 3 seconds" : reasonOf(body);
  }
}

/** What an answer says, for functions that log nothing. */
function reasonOf(body: UrlAnswer["body"]): string | null {
  const text = body.toString("utf8");
  const said = jsonObject(text);
  const [reason] = [said?.reason, said?.text, said?.message, said?.Message, text].filter((one) => typeof one === "string" && one !== "");
  return typeof reason === "string" ? reason.slice(0, 200) : null;
}

function payloadOf({ message, blockId, element }: Button, user: string, response_url: string, now: number, number: number): object {
  const { channel, ts, payload } = message;
  const { type, action_id, text, value, style } = element;
  return {
    type: "block_actions",
    user: { id: user, username: user.toLowerCase(), name: user.toLowerCase(), team_id: TEAM },
    api_app_id: BOT.app,
    token: "sandbox",
    container: { type: "message", message_ts: ts, channel_id: channel, is_ephemeral: false },
    trigger_id: `${number}.${now}.${createHmac("sha256", "trigger").update(`${number}`).digest("hex").slice(0, 32)}`,
    team: { id: TEAM, domain: "sandbox" },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: channel, name: channel.toLowerCase() },
    message: messageOf(ts, payload),
    state: { values: {} },
    response_url,
    actions: [
      {
        action_id,
        block_id: blockId,
        text,
        ...(value !== undefined && { value }),
        ...(style !== undefined && { style }),
        type,
        action_ts: `${now / 1_000}`,
      },
    ],
  };
}
