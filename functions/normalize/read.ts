/** Readers of untrusted JSON: they answer `undefined` instead of throwing, whatever stands there. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** The value if it is an object (not an array). */
export const object = (value: unknown): JsonObject | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;

/** The value if it is a list, else an empty one. */
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The value at a path of keys and list positions. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = (current as Record<string | number, unknown>)[key];
  }
  return current;
}

/** A string that is not blank; numbers and booleans as text. */
export function text(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim() === "" ? undefined : value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return undefined;
}

/** The text at a path. */
export const textAt = (value: unknown, ...path: readonly (string | number)[]): string | undefined => text(at(value, ...path));

/** A finite number, also one written as a string. */
export function number(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || value.trim() === "" || value.length > 32) return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

/** True for `true` and `"true"` (ASFF product fields are strings). */
export const isTrue = (value: unknown): boolean => value === true || (typeof value === "string" && value.toLowerCase() === "true");

/** Texts of a list, at most `most` of them looked at. */
export function texts(value: unknown, most = 50): string[] {
  const found: string[] = [];
  for (const item of list(value).slice(0, most)) {
    const one = text(item);
    if (one !== undefined) found.push(one);
  }
  return found;
}
