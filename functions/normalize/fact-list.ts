import type { Fact } from "../finding";
import { LONGEST, line, MOST } from "./bounds";

/** Collects the lines of "what happened": empty ones are left out, all are bounded. */
export class FactList {
  readonly #facts: Fact[] = [];

  add(label: string, value: unknown): this {
    const shown = line(value, LONGEST.fact);
    if (shown !== "" && this.#facts.length < MOST.facts) this.#facts.push({ label, value: shown });
    return this;
  }

  /** Values joined on one line, doubles once. */
  addAll(label: string, values: readonly (string | undefined)[], separator = ", "): this {
    const shown = new Set(values.filter((value) => value !== undefined && value !== ""));
    return this.add(label, [...shown].join(separator));
  }

  get facts(): readonly Fact[] {
    return this.#facts;
  }
}
