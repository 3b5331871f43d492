/**
 * What people can do about it, by Slack's error codes (https://docs.slack.dev/reference/methods/chat.postMessage#errors and
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors).
 */
const ADVICE: Readonly<Record<string, string>> = {
  not_in_channel: "invite the app to the channel",
  channel_not_found: "the channel does not exist, or it is private and the app was not invited",
  is_archived: "the channel is archived",
  channel_is_archived: "the channel is archived",
  missing_scope: "the app needs the scope chat:write (and reactions:write, to mark what is resolved)",
  restricted_action: "the workspace does not let the app post there",
  restricted_action_read_only_channel: "the app may only read that channel",
  restricted_action_thread_locked: "the thread is locked",
  action_prohibited: "the workspace does not let the webhook post there",
  invalid_auth: "the token in the secret is not valid",
  not_authed: "the token in the secret is not valid",
  token_expired: "the token in the secret has expired",
  token_revoked: "the token in the secret was revoked",
  account_inactive: "the token in the secret is of an app or workspace that was removed",
  invalid_token: "the URL in the secret is not valid",
  no_service: "the webhook was removed or disabled; put the URL of a new one into the secret",
  no_service_id: "the URL in the secret is not that of a webhook",
  no_team: "the workspace of the webhook does not exist",
  team_disabled: "the workspace of the webhook is disabled",
  invalid_blocks: "the message breaks a limit of Slack's",
  invalid_attachments: "the message breaks a limit of Slack's",
  invalid_payload: "the message breaks a limit of Slack's",
  msg_blocks_too_long: "the message breaks a limit of Slack's",
  msg_too_long: "the message breaks a limit of Slack's",
};

/** Errors of a token that was replaced or taken back. */
const UNAUTHORIZED = new Set(["invalid_auth", "not_authed", "token_expired", "token_revoked", "account_inactive"]);
/** Errors that say that the message to reply to is gone. */
const NO_THREAD = new Set(["thread_not_found", "message_not_found", "invalid_thread_ts", "cannot_reply_to_message"]);

/** Errors that say that a message can no longer be changed: https://docs.slack.dev/reference/methods/chat.update#errors */
const NOT_REWRITABLE = new Set(["cant_update_message", "edit_window_closed", "is_inactive"]);

/** Slack's error code, if it is one: what is not could be anything, and errors are logged. */
export const errorCode = (text: unknown): string =>
  typeof text === "string" && /^[a-z0-9_]{1,64}$/.test(text.trim()) ? text.trim() : "an unknown answer";

export const saysUnauthorized = (code: string): boolean => UNAUTHORIZED.has(code);
export const saysNotRewritable = (code: string): boolean => NOT_REWRITABLE.has(code);
export const saysThreadIsGone = (code: string): boolean => NO_THREAD.has(code);

/** Where a message was to go. */
export interface Destination {
  /** Name of the channel in the settings. */
  readonly name: string;
  /** Slack's id of it, if we know it. */
  readonly channel?: string;
  /** Name of the secret. */
  readonly secretName: string;
}

/**
 * A sentence that tells people what to do.
 * @example `Slack refused the message for channel soc-slack (C0123456789, secret tocsin/slack): not_in_channel: invite the app to the channel`
 */
export function refusal({ name, channel, secretName }: Destination, code: string, details: readonly string[] = []): string {
  const where = [channel, `secret ${secretName}`].filter((part) => part !== undefined).join(", ");
  const advice = Object.hasOwn(ADVICE, code) ? `: ${ADVICE[code]}` : "";
  const more = details.length === 0 ? "" : ` [${details.join("; ").slice(0, 500)}]`;
  return `Slack refused the message for channel ${name} (${where}): ${code}${advice}${more}`;
}
