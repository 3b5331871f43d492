import type { KnownBlock } from "@slack/types";
import type { Severity } from "../finding";

/** What is posted, without the place to post it to. */
export interface SlackMessage {
  /** What notifications and screen readers say. */
  readonly text: string;
  /** Always shown in full. */
  readonly blocks: readonly KnownBlock[];
  /** Details beside a coloured bar. Slack may fold long ones away, so nothing that has to be seen stands here. */
  readonly attachments: readonly { readonly color: string; readonly blocks: readonly KnownBlock[] }[];
  readonly mrkdwn: false;
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

/** How grave it is at a glance: the bar's colour and a sign. The word always stands beside them. */
const LOOKS: Readonly<Record<Severity, { readonly color: string; readonly sign: string }>> = {
  CRITICAL: { color: "#b0102a", sign: "🔴" },
  HIGH: { color: "#d9580d", sign: "🟠" },
  MEDIUM: { color: "#d6a400", sign: "🟡" },
  LOW: { color: "#1f5fae", sign: "🔵" },
  INFORMATIONAL: { color: "#8a94a0", sign: "⚪" },
};
/** A sample must not frighten anybody, whatever its severity. */
const SAMPLE = { color: "#6b3fa0", sign: "🟣" };
export const RESOLVED = { color: "#2e7d4f", sign: "✅" };

export const look = (severity: Severity, sample: boolean) => (sample ? SAMPLE : LOOKS[severity]);

/** `&`, `<` and `>` are all that has a meaning in the text of a message without markup (https://docs.slack.dev/messaging/formatting-message-text). */
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A message whose details, if there are any, stand beside a bar of this colour. */
export const slackMessage = (text: string, blocks: readonly KnownBlock[], color: string, details: readonly KnownBlock[]): SlackMessage => ({
  text: escaped(text),
  blocks,
  attachments: details.length === 0 ? [] : [{ color, blocks: details }],
  mrkdwn: false,
  unfurl_links: false,
  unfurl_media: false,
});
