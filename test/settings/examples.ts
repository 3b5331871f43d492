import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

type Config = Record<string, unknown>;
const ROOT = join(__dirname, "..", "..");

/** `config` of a YAML file of the repository. */
export const configOf = (file: string): Config => (parse(readFileSync(join(ROOT, file), "utf8")) as { config: Config }).config;

/** Every setting there is, as the design shows it. */
export const FULL = "test/fixtures/settings/design.yaml";

/** When the example was written: its mutes are still to expire. */
export const NOW = Date.parse("2026-03-01T09:00:00Z");

/** A path, and the value that is to stand there; undefined removes it. */
export type Change = readonly [path: readonly (string | number)[], value: unknown];

/** A copy of the full example with these changes. */
export function fullWith(...changes: readonly Change[]): Config {
  const config = configOf(FULL);
  for (const [path, value] of changes) {
    const [last, ...parents] = [...path].reverse();
    const parent = parents.reduceRight<unknown>((part, key) => (part as Config)[key], config) as Config;
    if (last === undefined) throw new Error("a path is needed");
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return config;
}
