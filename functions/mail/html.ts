/** Markup that may be inserted as it is: only `html` makes it. */
export class Markup {
  constructor(readonly source: string) {}
}

type Insertable = Markup | string | number | undefined | readonly Insertable[];

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text for an element's content or a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");

function insert(value: Insertable): string {
  if (value === undefined) {
    return "";
  }
  if (value instanceof Markup) {
    return value.source;
  }
  return typeof value === "object" ? value.map(insert).join("") : escapeHtml(String(value));
}

/** Template tag that escapes whatever is inserted, unless it is markup itself; lists are joined, `undefined` is nothing. Attributes have to be quoted. */
export function html(literals: TemplateStringsArray, ...values: readonly Insertable[]): Markup {
  return new Markup(literals.reduce((source, literal, index) => source + insert(values[index - 1]) + literal));
}

/** Text of a stranger, kept from turning the text around it where it is written from right to left. */
export const isolated = (text: string): Markup => html`<bdi>${text}</bdi>`;

/** The same, for text of several paragraphs. */
export const paragraphs = (text: string): Markup =>
  html`${text.split("\n").map((line, index) => (index === 0 ? isolated(line) : html`<br>${isolated(line)}`))}`;
