/** An element as it was opened. */
export interface Opened {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What a document consists of, in order of appearance. */
export interface Parsed {
  readonly elements: readonly Opened[];
  /** Text that people can see, entities resolved, spaces collapsed; what is hidden (head, preheader) is left out. */
  readonly text: string;
}

const VOID_ELEMENTS = new Set(["meta", "br"]);
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  nbsp: " ",
  ensp: " ",
  zwnj: "",
  "#847": "",
};
const TOKEN =
  /<!DOCTYPE html>|<!--(?:(?!-->)[\s\S])*-->|<style>[^<]*<\/style>|<\/(?<close>[a-z][a-z0-9]*)>|<(?<open>[a-z][a-z0-9]*)(?<attributes>(?: [a-z-]+="[^"<>]*")*)>|(?<text>[^<>]+)/y;

function decoded(source: string): string {
  return source.replace(/&([^;&]*);|&/g, (whole, name: string | undefined) => {
    const character = name === undefined ? undefined : ENTITIES[name];
    if (character === undefined) {
      throw new Error(`unknown entity in ${JSON.stringify(whole)}`);
    }
    return character;
  });
}

const attributesOf = (source: string): Record<string, string> =>
  Object.fromEntries([...source.matchAll(/ ([a-z-]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, decoded(value)]));

/**
 * Reads the strict HTML that our mails are: lower-case names, quoted attributes, every element closed, every special character escaped.
 * @throws Error at anything else.
 */
export function parseHtml(source: string): Parsed {
  const elements: Opened[] = [];
  const open: Opened[] = [];
  let text = "";
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(source)?.groups;
    if (groups === undefined && TOKEN.lastIndex === 0) {
      throw new Error(`not well-formed at ${at}: ${source.slice(at, at + 60)}`);
    }
    if (groups?.open !== undefined) {
      const element = { name: groups.open, attributes: attributesOf(groups.attributes ?? "") };
      elements.push(element);
      if (!VOID_ELEMENTS.has(element.name)) {
        open.push(element);
      }
    } else if (groups?.close !== undefined) {
      const last = open.pop();
      if (last?.name !== groups.close) {
        throw new Error(`</${groups.close}> closes <${last?.name}> at ${at}`);
      }
    } else if (groups?.text !== undefined) {
      const hidden = open.some(({ name, attributes }) => name === "head" || attributes.style?.includes("display:none"));
      const shown = decoded(groups.text);
      text += hidden ? "" : shown;
    }
    if (groups?.open === "br" || groups?.close?.match(/^(td|tr|p|div|h1|h2|table)$/)) {
      text += "\n";
    }
  }
  if (open.length > 0) {
    throw new Error(`<${open.at(-1)?.name}> is never closed`);
  }
  return {
    elements,
    text: text
      .replace(/[ \t]+/g, " ")
      .replace(/\s*\n\s*/g, "\n")
      .trim(),
  };
}
