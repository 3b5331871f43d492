import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "../sandbox/engine/run-program";
import { billRows, withBill } from "./bill-table";
import type { PartResult } from "./check";
import type { Million } from "./parts/cost";

export const RESULTS = join(REPOSITORY, "bench", "results.json");
export const GUIDE = join(REPOSITORY, "docs", "costs.md");

/** The parts of the bench, in their order. */
export const PARTS = ["requests", "cost", "archives", "triage", "scale", "seconds"] as const;
export type Part = (typeof PARTS)[number];

export interface Results {
  readonly machine: { readonly node: string; readonly processors: number };
  readonly parts: Readonly<Partial<Record<Part, PartResult>>>;
}

export const readResults = (): Results | undefined =>
  existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, "utf8")) as Results) : undefined;

/** Bills of a million findings as the results hold them. */
export const millionsOf = (results: Results): readonly Million[] => (results.parts.cost?.details.millions ?? []) as readonly Million[];

/** Writes the results, keeping earlier ones of parts that were not measured, and the bill into the guide. */
export function writeResults(measured: Results["parts"]): void {
  const parts = { ...readResults()?.parts, ...measured };
  const results: Results = {
    machine: { node: process.versions.node, processors: availableParallelism() },
    parts: Object.fromEntries(PARTS.flatMap((part) => (parts[part] === undefined ? [] : [[part, parts[part]]]))),
  };
  writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
  if (measured.cost !== undefined) {
    writeFileSync(GUIDE, withBill(readFileSync(GUIDE, "utf8"), billRows(millionsOf(results))));
  }
}
