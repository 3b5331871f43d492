import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { normalize } from "../../functions/normalize";
import { readStack } from "../../sandbox/deployable";
import { REPOSITORY } from "../../sandbox/engine/run-program";
import type { PartResult } from "../check";
import { significant } from "../statistics";
import { triageRatio } from "../triage-code";

const FIXTURES = join(REPOSITORY, "test", "fixtures");
const MOST = 10;

interface Ratios {
  readonly event: string;
  readonly origin: string;
  readonly decided: number;
  readonly built: number;
}

/** Triage's own code for an event of each kind. */
export function triage(): PartResult {
  const { alerts } = readStack("sandbox").settings;
  const ratios: Ratios[] = readdirSync(FIXTURES)
    .filter((file) => file.endsWith(".json"))
    .map((file) => {
      // As EventBridge writes it: without white space.
      const body = JSON.stringify(JSON.parse(readFileSync(join(FIXTURES, file), "utf8")));
      return {
        event: file.replace(".json", ""),
        origin: normalize(JSON.parse(body)).finding.origin,
        decided: significant(triageRatio(alerts, body, false)),
        built: significant(triageRatio(alerts, body, true)),
      };
    });
  const origins = [...new Set(ratios.map(({ origin }) => origin))].sort();
  const slowest = (of: readonly Ratios[], by: "decided" | "built"): number => Math.max(...of.map((one) => one[by]));
  return {
    checks: [
      ...origins.map((origin) => {
        const own = ratios.filter((one) => one.origin === origin);
        return {
          what: `triage's own code, slowest of ${own.length} ${origin} events`,
          measured: slowest(own, "decided"),
          unit: "× JSON.parse",
          budget: MOST,
        };
      }),
      { what: "besides: with building the table's write, slowest", measured: slowest(ratios, "built"), unit: "× JSON.parse" },
    ],
    details: { events: ratios },
  };
}
