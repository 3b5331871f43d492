import { ACCOUNTS, ORGANIZATIONAL_UNITS, ROOT_ID } from "../organization";

/** Answers of earlier `aws` lines by their name (`as`). */
export type Answers = Readonly<Record<string, unknown>>;

/** `{{name.key[0].key}}`; other pairs of braces (in a finding's title, say) are text. */
const TEMPLATE = /\{\{\s*([A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\])*)\s*\}\}/g;

/** Names that an answer cannot have, because they mean something already. */
export const RESERVED_NAMES = ["accounts", "organizationalUnits", "root"] as const;

/** Whether a text still has a template in it, one that only an answer can fill. */
export const hasTemplate = (text: string): boolean => text.search(TEMPLATE) >= 0;

/** A template that means nothing. */
export class UnknownTemplate extends Error {}

const idsByName = (entries: readonly { name: string; id: string }[]): Record<string, string> =>
  Object.fromEntries(entries.map(({ name, id }) => [name, id]));

const ORGANIZATION: Answers = {
  accounts: idsByName(ACCOUNTS),
  organizationalUnits: idsByName(ORGANIZATIONAL_UNITS),
  root: ROOT_ID,
};

/**
 * Fills in the templates of a line, in all texts and field names at any depth. A text that is nothing but one template becomes the value itself, whatever its type.
 * @param answers what earlier lines were answered, when the line is played; a name alone while the file is only read (`promised`).
 * @throws UnknownTemplate
 */
export function fillTemplates(value: unknown, answers: Answers, promised: ReadonlySet<string> = new Set()): unknown {
  if (typeof value === "string") {
    return fillText(value, answers, promised);
  }
  if (Array.isArray(value)) {
    return value.map((item) => fillTemplates(item, answers, promised));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [asText(fillText(key, answers, promised)), fillTemplates(item, answers, promised)]),
    );
  }
  return value;
}

function fillText(text: string, answers: Answers, promised: ReadonlySet<string>): unknown {
  const fill = (template: string, path: string): unknown => (promised.has(nameOf(path)) ? template : lookUp(path, answers, promised));
  const whole = new RegExp(`^${TEMPLATE.source}$`).exec(text);
  return whole?.[1] === undefined
    ? text.replaceAll(TEMPLATE, (template: string, path: string) => asText(fill(template, path)))
    : fill(text, whole[1]);
}

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const nameOf = (path: string): string => path.split(/[.[]/, 1)[0] ?? path;

function lookUp(path: string, answers: Answers, promised: ReadonlySet<string>): unknown {
  const known: Answers = { ...answers, ...ORGANIZATION };
  let value: unknown = known;
  for (const key of path.split(/[.[\]]+/).filter((part) => part !== "")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) {
      const names = value === known ? [...Object.keys(known), ...promised] : Object.keys(Object(typeof value === "object" ? value : {}));
      const hint = names.length > 0 && names.length <= 20 ? `; "${key}" could be ${names.join(", ")}` : "";
      throw new UnknownTemplate(`unknown template "{{${path}}}"${hint}`);
    }
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
