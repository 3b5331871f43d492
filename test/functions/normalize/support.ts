import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../../../functions/finding";
import { normalize } from "../../../functions/normalize";

const FOLDER = join(__dirname, "../../fixtures");

export type Path = readonly (string | number)[];

/** Names of the events in test/fixtures. */
export const FIXTURES = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length));

const texts = new Map(FIXTURES.map((name) => [name, readFileSync(join(FOLDER, `${name}.json`), "utf8")]));

/** A fresh copy of an event in test/fixtures, optionally with changes: a value at a path, `undefined` to leave it out. */
export function fixture(name: string, ...changes: readonly (readonly [Path, unknown])[]): Record<string, unknown> {
  const event = JSON.parse(texts.get(name) ?? "null") as Record<string, unknown>;
  for (const [path, value] of changes) {
    let parent: unknown = event;
    for (const key of path.slice(0, -1)) parent = (parent as Record<string | number, unknown>)[key];
    const last = path.at(-1) ?? "";
    if (value === undefined && Array.isArray(parent)) parent.splice(Number(last), 1);
    else if (value === undefined) delete (parent as Record<string | number, unknown>)[last];
    else (parent as Record<string | number, unknown>)[last] = value;
  }
  return event;
}

/** The normalized finding of a fixture with changes. */
export const findingOf = (name: string, ...changes: readonly (readonly [Path, unknown])[]): Finding =>
  normalize(fixture(name, ...changes)).finding;

/** Path into the ASFF or OCSF finding of an event. */
export const inFinding = (...path: Path): Path => ["detail", "findings", 0, ...path];

/** Value of a fact, by its label. */
export const fact = (finding: Finding, label: string): string | undefined => finding.facts.find((one) => one.label === label)?.value;
