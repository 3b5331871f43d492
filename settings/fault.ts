/** One thing that is wrong with the settings. */
export interface Fault {
  /** Where, for example `tocsin:alerts.sources[0].severities[1]`. */
  readonly path: string;
  /** What was given and what is allowed. */
  readonly message: string;
}

/** The settings of a stack are wrong. The message names every fault; there is nothing to learn from its stack trace. */
export class SettingsError extends Error {
  constructor(
    readonly stackName: string,
    readonly faults: readonly Fault[],
  ) {
    super([`Settings of stack ${stackName} are wrong:`, ...faults.map(({ path, message }) => `  ${path}: ${message}`)].join("\n"));
    this.name = "SettingsError";
  }
}

/** `tocsin:alerts`, `sources`, `0` as `tocsin:alerts.sources[0]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => {
      const name = String(part);
      if (typeof part === "number") return `[${part}]`;
      if (index === 0) return name;
      return /^[\w-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
    })
    .join("");
}

/** Message of a value that is not allowed. `allowed` says in words or as a list what is. */
export function notAllowed(value: unknown, allowed: string | readonly string[]): string {
  const list = typeof allowed === "string" ? allowed : allowed.join(", ");
  if (value === undefined) return `missing; allowed: ${list}`;
  const near = typeof allowed === "string" || typeof value !== "string" ? undefined : nearest(value, allowed);
  return `${given(value)} is not allowed; ${near === undefined ? "" : `did you mean ${near}? `}allowed: ${list}`;
}

/** Message of a key that the schema does not know. */
export function unknownKey(key: string, allowed: readonly string[]): string {
  const near = nearest(key, allowed);
  return `no such setting; ${near === undefined ? "" : `did you mean ${near}? `}allowed: ${allowed.join(", ")}`;
}

// What looks like a credential must not reach a terminal or a build log, even if it was pasted where a name belongs.
const CREDENTIAL = /xox[a-z]-|hooks\.slack\.com\/|\b(AKIA|ASIA)[A-Z\d]{16}\b|\bwhsec_|:\/\/[^\s/?#@]*:[^\s/?#@]+@/;

/** Whether a text is a credential rather than the name of one. */
export const looksLikeCredential = (value: string): boolean => CREDENTIAL.test(value);

/** A value as a message shows it: short, on one line, without credentials. */
export function given(value: unknown): string {
  if (value === null) return "an empty value";
  const text = JSON.stringify(value) ?? String(value);
  if (looksLikeCredential(text)) return `"${text.replace(/^"/, "").slice(0, 4)}…" (a credential)`;
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** The option that was probably meant: the same but for the case, or at most two letters (half of a short word) away. */
export function nearest(word: string, options: readonly string[]): string | undefined {
  const distances = options.map((option) => ({ option, distance: distance(word.toLowerCase(), option.toLowerCase()) }));
  const best = distances.sort((a, b) => a.distance - b.distance)[0];
  return best !== undefined && best.distance <= Math.min(2, Math.floor(best.option.length / 2)) ? best.option : undefined;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
