import { at, list, textAt } from "../normalize/read";
import { ACTION_PREFIX } from "../slack/buttons";

/** Somebody's press of a button. */
export interface Press {
  /** `approve`, `undo`; else the whole name of the button, which is not one of ours. */
  readonly button: string;
  /** Whether it is a button that decides. */
  readonly decides: boolean;
  /** Slack's id of the person. */
  readonly user: string;
  /** What the person is called in Slack. */
  readonly userName: string;
  /** What the button is about: the id of a change. */
  readonly change: string;
  /** Where an answer that only this person sees can be sent. */
  readonly responseUrl?: string;
}

/** Longest text that is taken from a request. */
const LONGEST = 256;

const short = (value: string | undefined): string => (value ?? "").slice(0, LONGEST);

/**
 * The press in a request's body, if it is one (https://docs.slack.dev/reference/interaction-payloads/block_actions-payload): a form whose field `payload` is JSON.
 * Buttons that open links are reported as well; for them undefined is returned, as for everything else that wants nothing of us.
 */
export function readPress(body: Buffer): Press | undefined {
  const payload = parsed(new URLSearchParams(body.toString("utf8")).get("payload") ?? "");
  const [action] = list(at(payload, "actions"));
  const name = short(textAt(action, "action_id"));
  if (textAt(payload, "type") !== "block_actions" || name === "" || name.startsWith("open-")) {
    return undefined;
  }
  const responseUrl = textAt(payload, "response_url");
  const decides = name === `${ACTION_PREFIX}approve` || name === `${ACTION_PREFIX}undo`;
  return {
    button: decides ? name.slice(ACTION_PREFIX.length) : name,
    decides,
    user: short(textAt(payload, "user", "id")),
    userName: short(textAt(payload, "user", "username") ?? textAt(payload, "user", "name")),
    change: short(textAt(action, "value")),
    ...(responseUrl !== undefined && { responseUrl }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
