import type { DeliveryEntry } from "../replay/report";
import { emoji, escapeHtml, mrkdwnHtml } from "./markup";
import { blockHtml } from "./slack-blocks";
import { objects, text, type Values } from "./values";

const STYLE = `
  body { margin: 0; padding: 24px; background: #fff; color: #1d1c1d; font: 15px/1.46 Lato, "Helvetica Neue", Arial, sans-serif; }
  .message { display: flex; gap: 12px; max-width: 720px; }
  .face { flex: none; width: 36px; height: 36px; border-radius: 6px; background: #4a154b; color: #fff; text-align: center; line-height: 36px; font-size: 20px; }
  .content { min-width: 0; flex: 1; overflow-wrap: anywhere; }
  .from b { font-weight: 900; } .from .app { background: #e8e8e8; border-radius: 2px; padding: 0 3px; font-size: 10px; color: #616061; }
  .from .at, .thread, .context { color: #616061; font-size: 12px; } .context { padding: 4px 0; }
  .header { font-size: 18px; font-weight: 900; padding: 4px 0; } .section, .actions { padding: 4px 0; } .section { white-space: pre-wrap; }
  .fields { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 16px; }
  .button { display: inline-block; border: 1px solid #bbb; border-radius: 4px; padding: 4px 12px; margin: 2px 4px 2px 0; font-weight: 700; font-size: 13px; color: #1d1c1d; }
  .button.primary { background: #007a5a; border-color: #007a5a; color: #fff; } .button.danger { background: #e01e5a; border-color: #e01e5a; color: #fff; }
  .attachment { border-left: 4px solid #ddd; border-radius: 4px; padding-left: 12px; margin-top: 4px; }
  code { color: #c01343; background: #f6f6f6; border: 1px solid #ddd; border-radius: 3px; padding: 0 3px; font-size: 12px; }
  pre { background: #f8f8f8; border: 1px solid #ddd; border-radius: 4px; padding: 8px; white-space: pre-wrap; }
  a { color: #1264a3; text-decoration: none; } .mention { background: #e8f5fa; color: #1264a3; }
  blockquote { border-left: 4px solid #ddd; margin: 4px 0; padding-left: 12px; } hr { border: 0; border-top: 1px solid #ddd; }
  td { border: 1px solid #ddd; padding: 4px 8px; } .reaction { border: 1px solid #1264a3; background: #e8f5fa; border-radius: 12px; padding: 2px 8px; font-size: 12px; }
`;

/** A colour of an attachment; anything else would get into a style. */
const colorOf = (given: unknown): string => (/^#?[0-9a-f]{6}$/i.test(text(given)) ? `#${text(given).replace("#", "")}` : "#dddddd");

const attachmentHtml = (attachment: Values): string =>
  `<div class="attachment" style="border-color: ${colorOf(attachment.color)}">${objects(attachment.blocks).map(blockHtml).join("")}${mrkdwnHtml(text(attachment.text))}</div>`;

/** A Slack message as a page that looks like it does in Slack: for the eye, and for pictures. It loads nothing and runs nothing. */
export function slackPage({
  at,
  channel,
  payload,
  reactions = [],
}: Pick<DeliveryEntry, "at" | "channel" | "payload" | "reactions">): string {
  const blocks = objects(payload.blocks);
  const thread =
    payload.thread_ts === undefined
      ? ""
      : `<div class="thread">replied to a thread${payload.reply_broadcast === true ? " and told the channel" : ""}</div>`;
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(`Slack, ${channel ?? "?"}`)}</title><style>${STYLE}</style></head>
<body>
<div class="message"><div class="face">🔔</div><div class="content">
<div class="from"><b>tocsin</b> <span class="app">APP</span> <span class="at">${escapeHtml(at.slice(11, 16))}</span></div>
${thread}${blocks.length > 0 ? blocks.map(blockHtml).join("\n") : mrkdwnHtml(text(payload.text))}
${objects(payload.attachments).map(attachmentHtml).join("\n")}
${reactions.map((name) => `<span class="reaction">${escapeHtml(emoji(name))} 1</span>`).join(" ")}
</div></div>
</body>
</html>
`;
}
