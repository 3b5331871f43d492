import { type Fault, given, pathText } from "./fault";
import { CHANNEL_RULES } from "./rules/channels";
import { ORGANIZATION_RULES } from "./rules/organization";
import { type Config, EACH, type Rule } from "./rules/rule";
import { TELLING_RULES } from "./rules/telling";

const RULES: readonly Rule[] = [...ORGANIZATION_RULES, ...TELLING_RULES, ...CHANNEL_RULES];

/**
 * Everything in the configuration that breaks a rule.
 * @param now milliseconds since the epoch.
 */
export function brokenRules(config: Config, now: number): Fault[] {
  const faults = RULES.flatMap(({ at, broken, message }) =>
    select(config, at)
      .map(({ path, value }) => ({ path, value, context: { config, now, key: String(path.at(-1)) } }))
      .filter(({ value, context }) => broken(value, context))
      .map(({ path, value, context }) => ({ path: pathText(path), message: message(value, context) })),
  );
  const sections = Object.entries(config).filter(([key]) => key.startsWith("tocsin:"));
  return [...faults, ...sections.flatMap(([key, value]) => repeated(value, [key]))];
}

/** Entries that a list names twice, in whatever list. */
function repeated(value: unknown, path: readonly PropertyKey[]): Fault[] {
  if (typeof value !== "object" || value === null) return [];
  const twice = Array.isArray(value)
    ? value.flatMap((entry: unknown, index) =>
        typeof entry !== "object" && value.indexOf(entry) < index
          ? [{ path: pathText([...path, index]), message: `${given(entry)} is listed twice; allowed: each once` }]
          : [],
      )
    : [];
  return [...twice, ...entries(value).flatMap(([key, entry]) => repeated(entry, [...path, key]))];
}

function select(value: unknown, at: Rule["at"], path: readonly PropertyKey[] = []): { path: readonly PropertyKey[]; value: unknown }[] {
  const [step, ...rest] = at;
  if (step === undefined) return value === undefined ? [] : [{ path, value }];
  if (typeof value !== "object" || value === null) return [];
  return entries(value)
    .filter(([key]) => step === EACH || step === key)
    .flatMap(([key, entry]) => select(entry, rest, [...path, key]));
}

const entries = (value: object): [PropertyKey, unknown][] => (Array.isArray(value) ? [...value.entries()] : Object.entries(value));
