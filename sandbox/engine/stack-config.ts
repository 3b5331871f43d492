import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../usage-error";
import { isMapping, namespaced, readMapping, readProject } from "./project";

/** Settings of a stack by `namespace:key`, as `runProgram` takes them. */
export type StackConfig = Readonly<Record<string, unknown>>;

/** Names of the stacks that have a settings file. */
export function stackNames(directory: string): string[] {
  return readdirSync(directory)
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

/** Where secrets stand that were encrypted for a Pulumi backend: nobody here has the key. */
function encrypted(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => encrypted(item, `${path}[${index}]`));
  if (!isMapping(value)) return [];
  if (typeof value.secure === "string" && Object.keys(value).length === 1) return [path];
  return Object.entries(value).flatMap(([key, inner]) => encrypted(inner, `${path}.${key}`));
}

function settingsFile(directory: string, stack: string): string {
  const path = join(directory, `Pulumi.${stack}.yaml`);
  if (existsSync(path)) return path;
  const known = stackNames(directory);
  throw new UsageError(
    known.length === 0
      ? `There is no stack "${stack}": no Pulumi.<stack>.yaml stands in ${directory}.`
      : `There is no stack "${stack}". Stacks: ${known.join(", ")}.`,
  );
}

/**
 * Reads the settings of a stack: `Pulumi.<stack>.yaml` of the project, or the file that replaces it.
 * @throws UsageError if there is no such stack, or its settings cannot be read or used.
 */
export function readStackConfig(options: {
  readonly directory: string;
  readonly stack: string;
  /** A file to read instead of the stack's own. */
  readonly file?: string | undefined;
}): StackConfig {
  const project = readProject(options.directory);
  const path = options.file ?? settingsFile(options.directory, options.stack);
  const content = readMapping(path, "the settings file");
  const config = content.config ?? {};
  if (!isMapping(config)) throw new UsageError(`Cannot use the settings file ${path}: "config" has to be a mapping of keys to values.`);

  const secrets = Object.entries(config).flatMap(([key, value]) => encrypted(value, key));
  if (secrets.length > 0) {
    throw new UsageError(
      `Cannot use the settings file ${path}: ${secrets.join(", ")} can only be decrypted by the stack's Pulumi backend. Settings name secrets, their values belong in Secrets Manager.`,
    );
  }
  const given = Object.entries(config).filter(([, value]) => value !== null);
  return { ...project.defaults, ...Object.fromEntries(given.map(([key, value]) => [namespaced(key, project.name), value])) };
}
