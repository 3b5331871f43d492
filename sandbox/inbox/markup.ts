/** Text for HTML, in elements and quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[character] ?? "");

const broken = (html: string): string => html.replaceAll("\n", "<br>");

/** Text that Slack shows as it is. */
export const plainHtml = (text: string): string => broken(escapeHtml(text));

/** A link, if it leads where a message may lead; else its label alone. */
export const linkHtml = (url: string, label: string): string =>
  /^(?:https?|mailto):/i.test(url) ? `<a href="${escapeHtml(url)}" rel="noreferrer">${escapeHtml(label)}</a>` : escapeHtml(label);

/** Emoji that messages of ours are likely to have; others show by their name. */
const EMOJI: Readonly<Record<string, string>> = {
  white_check_mark: "✅",
  rotating_light: "🚨",
  warning: "⚠️",
  red_circle: "🔴",
  large_orange_circle: "🟠",
  large_yellow_circle: "🟡",
  large_blue_circle: "🔵",
  white_circle: "⚪",
  information_source: "ℹ️",
  bell: "🔔",
};

export const emoji = (name: string): string => EMOJI[name] ?? `:${name}:`;

/** What Slack writes instead of the three signs that mean something to it. */
const unescaped = (text: string): string => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** Marks around words. The text is HTML already, in which none of the marks means anything. */
const styled = (html: string): string =>
  html
    .replaceAll(/`([^`\n]+)`/g, "<code>$1</code>")
    .replaceAll(/(^|[\s(>])\*([^*\n]+)\*(?=$|[\s).,:;!?<])/g, "$1<b>$2</b>")
    .replaceAll(/(^|[\s(>])_([^_\n]+)_(?=$|[\s).,:;!?<])/g, "$1<i>$2</i>")
    .replaceAll(/(^|[\s(>])~([^~\n]+)~(?=$|[\s).,:;!?<])/g, "$1<s>$2</s>")
    .replaceAll(/:([a-z0-9_+-]+):/g, (whole, name: string) => EMOJI[name] ?? whole);

/** `<…>`: a link, a mention, a date. */
function control(content: string): string {
  const [target = "", label] = content.split("|", 2);
  const mention = /^([@#!])(.*)$/.exec(unescaped(target));
  if (mention === null) {
    return linkHtml(unescaped(target), unescaped(label ?? target));
  }
  const [, kind = "", name = ""] = mention;
  return `<span class="mention">${escapeHtml(label === undefined ? (kind === "#" ? `#${name}` : `@${name}`) : unescaped(label))}</span>`;
}

/** Slack's own markup as HTML: https://docs.slack.dev/messaging/formatting-message-text */
export function mrkdwnHtml(text: string): string {
  return text
    .split(/(```[\s\S]*?```|<[^<>]*>)/)
    .map((part) =>
      part.startsWith("```") && part.length > 5
        ? `<pre>${escapeHtml(unescaped(part.slice(3, -3)))}</pre>`
        : part.startsWith("<") && part.endsWith(">")
          ? control(part.slice(1, -1))
          : broken(styled(escapeHtml(unescaped(part)))),
    )
    .join("");
}
