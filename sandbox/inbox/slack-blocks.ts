import { emoji, escapeHtml, linkHtml, mrkdwnHtml, plainHtml } from "./markup";
import { isObject, objects, text, type Values } from "./values";

const textHtml = (object: unknown): string =>
  isObject(object) ? (object.type === "mrkdwn" ? mrkdwnHtml(text(object.text)) : plainHtml(text(object.text))) : "";

const within = (name: string, html: string): string => (html === "" ? "" : `<div class="${name}">${html}</div>`);

/** An element that can be pressed, or a picture, of which only what it shows is told. */
function elementHtml(element: Values): string {
  if (element.type === "button") {
    const style = element.style === "primary" || element.style === "danger" ? ` ${element.style}` : "";
    const label = `<span class="button${style}">${textHtml(element.text)}</span>`;
    return /^https?:/i.test(text(element.url))
      ? `<a class="plain" href="${escapeHtml(text(element.url))}" rel="noreferrer">${label}</a>`
      : label;
  }
  return element.type === "image" ? `<span class="picture">${escapeHtml(text(element.alt_text))}</span>` : textHtml(element);
}

const STYLES = [
  ["bold", "b"],
  ["italic", "i"],
  ["strike", "s"],
  ["code", "code"],
] as const;

function richElementHtml(element: Values): string {
  const style = isObject(element.style) ? element.style : {};
  const shown =
    element.type === "link"
      ? linkHtml(text(element.url), text(element.text) || text(element.url))
      : element.type === "emoji"
        ? escapeHtml(emoji(text(element.name)))
        : element.type === "user"
          ? `<span class="mention">@${escapeHtml(text(element.user_id))}</span>`
          : plainHtml(text(element.text));
  return STYLES.reduce((html, [name, tag]) => (style[name] === true ? `<${tag}>${html}</${tag}>` : html), shown);
}

function richPartHtml(part: Values): string {
  const inner = (): string => objects(part.elements).map(richElementHtml).join("");
  switch (part.type) {
    case "rich_text_list": {
      const tag = part.style === "ordered" ? "ol" : "ul";
      return `<${tag}>${objects(part.elements)
        .map((item) => `<li>${richPartHtml(item)}</li>`)
        .join("")}</${tag}>`;
    }
    case "rich_text_preformatted":
      return `<pre>${inner()}</pre>`;
    case "rich_text_quote":
      return `<blockquote>${inner()}</blockquote>`;
    default:
      return inner();
  }
}

const tableHtml = (rows: unknown): string =>
  (Array.isArray(rows) ? rows : [])
    .map((row) =>
      objects(row).map(
        (cell) => `<td>${cell.type === "rich_text" ? objects(cell.elements).map(richPartHtml).join("") : plainHtml(text(cell.text))}</td>`,
      ),
    )
    .map((cells) => `<tr>${cells.join("")}</tr>`)
    .join("");

/** A block as HTML; all that comes from the message is escaped. Of blocks that messages of ours never have only the name is shown. */
export function blockHtml(block: Values): string {
  switch (block.type) {
    case "header":
      return within("header", textHtml(block.text));
    case "section": {
      const fields = objects(block.fields).map((field) => `<div>${textHtml(field)}</div>`);
      const accessory = isObject(block.accessory) ? elementHtml(block.accessory) : "";
      return `<div class="section">${within("text", textHtml(block.text))}${within("fields", fields.join(""))}${within("accessory", accessory)}</div>`;
    }
    case "context":
      return within("context", objects(block.elements).map(elementHtml).join(" "));
    case "actions":
      return within("actions", objects(block.elements).map(elementHtml).join(" "));
    case "rich_text":
      return within("section", objects(block.elements).map(richPartHtml).join(""));
    case "table":
      return `<table>${tableHtml(block.rows)}</table>`;
    case "markdown":
      return within("section", plainHtml(text(block.text)));
    case "divider":
      return "<hr>";
    default:
      return within("context", escapeHtml(`(${text(block.type)})`));
  }
}
