/** XML as the Query and REST-XML protocols use it: elements and text; no attributes, no namespaces. */

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Escapes text for an element. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[character] ?? character);

const unescapeXml = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return ENTITIES[name ?? ""] ?? whole;
  });

/** An object as elements; lists as elements of the name that the protocol has for them. */
export function toXml(value: unknown, item: "member" | "item" = "member"): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map((one) => `<${item}>${toXml(one, item)}</${item}>`).join("");
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object")
    return Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => `<${name}>${toXml(member, item)}</${name}>`)
      .join("");
  return escapeXml(String(value));
}

interface Element {
  readonly name: string;
  readonly children: Element[];
  text: string;
}

function contentOfElement(element: Element): unknown {
  if (element.children.length === 0) return unescapeXml(element.text);
  const names = new Set(element.children.map((child) => child.name));
  // Lists are repeated elements, which services name `member` or `item`.
  if (names.size === 1 && (names.has("member") || names.has("item"))) return element.children.map(contentOfElement);
  const object: Record<string, unknown> = {};
  for (const child of element.children) {
    const value = contentOfElement(child);
    const before = object[child.name];
    object[child.name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return object;
}

/** The content of a document's root element; texts stay texts. */
export function fromXml(document: string): unknown {
  const root: Element = { name: "", children: [], text: "" };
  const open: Element[] = [root];
  for (const [, closing, name, selfClosing, text] of document.matchAll(/<(\/?)([A-Za-z_][\w.:-]*)[^>]*?(\/?)>|([^<]+)|<[?!][^>]*>/g)) {
    const current = open.at(-1) ?? root;
    if (text !== undefined) current.text += text;
    else if (name === undefined) continue;
    else if (closing) open.pop();
    else {
      const element: Element = { name, children: [], text: "" };
      current.children.push(element);
      if (!selfClosing) open.push(element);
    }
  }
  const content = root.children[0];
  return content === undefined ? undefined : contentOfElement(content);
}
