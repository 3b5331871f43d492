import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { UsageError } from "../usage-error";

/** What `Pulumi.yaml` says of the program. */
export interface Project {
  readonly name: string;
  /** The program's file or folder, relative to the project; `.` leaves it to package.json. */
  readonly main: string;
  /** Values of settings that every stack has unless it says otherwise, by `namespace:key`. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Why a file cannot be read, in words. */
export function unreadable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a directory";
  if (code === "EACCES") return "permission denied";
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
}

/** Reads a YAML mapping. */
export function readMapping(path: string, what: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(`Cannot read ${what} ${path}: ${unreadable(error).replace(/:$/, "")}.`);
  }
  if (!isMapping(content)) throw new UsageError(`Cannot use ${what} ${path}: it has to be a mapping of names to values.`);
  return content;
}

/** The name of a setting with its namespace, which is the project's unless the key has one. */
export const namespaced = (key: string, project: string): string => (key.includes(":") ? key : `${project}:${key}`);

/** Settings that the project gives to all stacks: `key: value`, or `key: {value: …}` or `{default: …}` beside a description. */
function defaultsOf(config: unknown, project: string): Record<string, unknown> {
  if (!isMapping(config)) return {};
  const values: Record<string, unknown> = {};
  for (const [key, declared] of Object.entries(config)) {
    const value = isMapping(declared) ? (declared.value ?? declared.default) : declared;
    if (value !== undefined && value !== null) values[namespaced(key, project)] = value;
  }
  return values;
}

/** Reads the `Pulumi.yaml` of a directory. */
export function readProject(directory: string): Project {
  const path = join(directory, "Pulumi.yaml");
  const content = readMapping(path, "the project file");
  if (typeof content.name !== "string") throw new UsageError(`Cannot use the project file ${path}: it names no project.`);
  return {
    name: content.name,
    main: typeof content.main === "string" ? content.main : ".",
    defaults: defaultsOf(content.config, content.name),
  };
}
