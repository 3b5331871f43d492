import { z } from "zod";
import { type Fault, pathText, SettingsError, unknownKey } from "./fault";
import { brokenRules } from "./rules";

type Section = z.core.$ZodType;
type Parsed<T extends Record<string, Section>> = { readonly [Name in keyof T]: z.output<T[Name]> };

const NAMESPACE = "tocsin:";

interface Schema<R extends Section, T extends Record<string, Section>> {
  readonly region: R;
  readonly sections: T;
  /** What is wrong with the meaning of sections whose form is right; the others are missing. */
  readonly meaning: (parsed: Partial<Parsed<T>>) => readonly Fault[];
}

/**
 * Parses every section of a stack's configuration; throws one SettingsError for all that is wrong with their forms, with what ties them together and with what they mean.
 * @param now milliseconds since the epoch.
 */
export function parseSections<R extends Section, T extends Record<string, Section>>(
  stack: string,
  schema: Schema<R, T>,
  config: Readonly<Record<string, unknown>>,
  now: number,
): Parsed<T> & { readonly "aws:region": z.output<R> } {
  const given = new Map(Object.entries(config).map(([key, value]) => [key, key.startsWith(NAMESPACE) ? structured(value) : value]));
  const faults: Fault[] = [];
  const parsed: Record<string, unknown> = {};
  const parse = (key: string, name: string, section: Section) => {
    const result = z.safeParse(section, given.get(key));
    if (result.success) parsed[name] = result.data;
    else faults.push(...result.error.issues.flatMap((issue) => faultsOf(issue, [key])));
  };

  parse("aws:region", "aws:region", schema.region);
  for (const [name, section] of Object.entries(schema.sections)) parse(NAMESPACE + name, name, section);
  const known = Object.keys(schema.sections);
  for (const key of given.keys()) {
    const name = key.startsWith(NAMESPACE) ? key.slice(NAMESPACE.length) : undefined;
    if (name !== undefined && !known.includes(name)) faults.push({ path: key, message: unknownKey(name, known) });
  }
  faults.push(...brokenRules(Object.fromEntries(given), now), ...schema.meaning(parsed as Partial<Parsed<T>>));
  if (faults.length > 0) throw new SettingsError(stack, faults);
  return parsed as Parsed<T> & { readonly "aws:region": z.output<R> };
}

/** The engine hands structured values over as JSON text. What is no JSON stays what it is, for the schema to refuse. */
function structured(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function faultsOf(issue: z.core.$ZodIssue, parent: readonly PropertyKey[]): Fault[] {
  const path = [...parent, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys": // the message is the list of known keys, see forms.ts
      return issue.keys.map((key) => ({ path: pathText([...path, key]), message: unknownKey(key, issue.message.split(", ")) }));
    case "invalid_key":
      return [{ path: pathText(path), message: issue.issues[0]?.message ?? issue.message }];
    default:
      return [{ path: pathText(path), message: issue.message }];
  }
}
