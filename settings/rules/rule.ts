/**
 * What the form of a single setting cannot say. The rules look at the configuration as it was given, not at what the schema made of it, so that they
 * speak up together with it; whatever has the wrong form they leave to it.
 */
export interface Rule {
  /** Where the rule looks; EACH stands for every entry of a list or group. */
  readonly at: readonly (string | typeof EACH)[];
  readonly broken: (value: unknown, context: Context) => boolean;
  readonly message: (value: unknown, context: Context) => string;
}

export interface Context {
  readonly config: Config;
  /** The last step of the value's path. */
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type Config = Readonly<Record<string, unknown>>;
export const EACH = Symbol("each");

export const isGroup = (value: unknown): value is Config => typeof value === "object" && value !== null && !Array.isArray(value);
export const has = (value: unknown, key: string): boolean => isGroup(value) && value[key] !== undefined;
export const get = (value: unknown, ...keys: string[]): unknown =>
  keys.reduce((part, key) => (isGroup(part) ? part[key] : undefined), value);
export const sizeOf = (value: unknown): number => (typeof value === "object" && value !== null ? Object.keys(value).length : 0);
