import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { REPOSITORY } from "../sandbox/engine/run-program";

/** What a function imports of one AWS SDK client: the client and its commands. */
export interface SdkImport {
  readonly from: string;
  readonly names: readonly string[];
}

/** Names of values that a source text imports of AWS SDK clients; types are not there when it runs. */
export function sdkImports(source: string): SdkImport[] {
  return [...source.matchAll(/^import \{([^}]*)\} from "(@aws-sdk\/client-[\w-]+)";$/gm)].flatMap(([, list = "", from = ""]) => {
    const names = list
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type "));
    return names.length === 0 ? [] : [{ from, names }];
  });
}

/** Imports of several files, each client once. */
export function merged(imports: readonly SdkImport[]): SdkImport[] {
  const byClient = new Map<string, Set<string>>();
  for (const { from, names } of imports) {
    byClient.set(from, new Set([...(byClient.get(from) ?? []), ...names]));
  }
  return [...byClient]
    .map(([from, names]) => ({ from, names: [...names].sort() }))
    .sort((left, right) => left.from.localeCompare(right.from));
}

/** What a function uses of the AWS SDK, from all of its sources. */
export async function sdkImportsOf(name: string): Promise<SdkImport[]> {
  const { metafile } = await build({
    entryPoints: [join(REPOSITORY, "functions", `${name}.ts`)],
    absWorkingDir: REPOSITORY,
    bundle: true,
    write: false,
    platform: "node",
    packages: "external",
    metafile: true,
    logLevel: "silent",
  });
  return merged(Object.keys(metafile.inputs).flatMap((file) => sdkImports(readFileSync(join(REPOSITORY, file), "utf8"))));
}

/** A module that holds these clients and commands and nothing else, and makes the clients as a function does when it starts. */
export const clientsAlone = (imports: readonly SdkImport[]): string => {
  const clients = imports.flatMap(({ names }) => names.filter((name) => name.endsWith("Client")));
  const others = imports.flatMap(({ names }) => names.filter((name) => !name.endsWith("Client")));
  return [
    ...imports.map(({ from, names }) => `import { ${names.join(", ")} } from "${from}";`),
    `export const clients = [${clients.map((name) => `new ${name}({})`).join(", ")}];`,
    `export const others = [${others.join(", ")}];`,
  ].join("\n");
};
