import { readFile } from "node:fs/promises";
import * as pulumi from "@pulumi/pulumi";
import { type BuildOptions, build, type Plugin } from "esbuild";

/** Options of every build: one minified CommonJS file for the runtime that the functions have, with nothing left outside. */
const OPTIONS = {
  bundle: true,
  minify: true,
  write: false,
  platform: "node",
  target: "node24",
  format: "cjs",
  legalComments: "none",
  charset: "utf8",
  logLevel: "silent",
  // ES modules first: only those can be tree-shaken, which halves a function.
  mainFields: ["module", "main"],
} as const satisfies BuildOptions;

/** The file of an archive that Lambda starts from, by CallbackFunction's convention. */
export const HANDLER_FILE = "__index.js";

/** How Pulumi serializes a callback that captures nothing of the program that it stands in. */
const CAPTURES_NOTHING = "with({ this: undefined, arguments: undefined }) {";

const bundles = new Map<string, Promise<string>>();

/**
 * Bundles the serialized text of a callback with everything that it requires into one file. The same text gives the same bytes, wherever it is built.
 * @param text text as Pulumi serializes it, with `require` of a module of ours.
 * @param folder folder that the required path is relative to.
 * @throws pulumi.RunError if the callback captures a value: it could be a secret, and would be frozen at deployment.
 */
export async function bundleHandler(text: string, folder: string): Promise<string> {
  if (text.split(/\bwith\(/).length !== 2 || !text.includes(CAPTURES_NOTHING)) {
    throw new pulumi.RunError(
      "A callback of a function captures values of the program. What a function needs to know belongs in its environment.",
    );
  }
  const known = bundles.get(text);
  if (known) {
    return known;
  }
  const bundle = buildOne({ stdin: { contents: text, resolveDir: folder, sourcefile: "callback.js" }, plugins: [handlerModule] });
  bundles.set(text, bundle);
  return bundle;
}

/** Bundles the text of an ES module for Lambda, with only what it uses of the AWS SDK. */
export const bundleModule = (contents: string, resolveDir: string): Promise<string> =>
  buildOne({ stdin: { contents, resolveDir }, plugins: [lambdaCredentials, leanSchemas, versionOnly] });

async function buildOne(options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({ ...OPTIONS, ...options, write: false });
  return outputFiles?.[0]?.text ?? "";
}

/**
 * The module that a callback requires is bundled by itself first, from an `import`: esbuild does not tree-shake what is reached by `require`, and the whole
 * of every SDK client would come along.
 */
const handlerModule: Plugin = {
  name: "handler-module",
  setup(plugin) {
    plugin.onResolve({ filter: /^\.\.\/functions\// }, ({ path, resolveDir }) => ({
      path,
      namespace: "handler",
      pluginData: resolveDir,
    }));
    plugin.onLoad({ filter: /./, namespace: "handler" }, async ({ path, pluginData: resolveDir }) => ({
      contents: await bundleModule(`export { createHandler } from ${JSON.stringify(path)};`, String(resolveDir)),
    }));
  },
};

/** Lambda hands its role's credentials over in the environment: the other places where the SDK would look (SSO, files, instance metadata) stay out. */
const lambdaCredentials: Plugin = {
  name: "lambda-credentials",
  setup(plugin) {
    plugin.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ resolveDir }) => ({
      path: "lambda-credentials",
      namespace: "lambda-credentials",
      pluginData: resolveDir,
    }));
    plugin.onLoad({ filter: /./, namespace: "lambda-credentials" }, ({ pluginData: resolveDir }) => ({
      contents: 'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";',
      resolveDir: String(resolveDir),
    }));
  },
};

/**
 * The SDK clients describe every operation and shape of their service as data. Two things keep what no function needs:
 * computed keys (`{ [_h]: … }`), which esbuild does not take for free of side effects, so they are written out; and the shape of a Security Hub finding with
 * its hundred kinds of resource details. Findings are all text and numbers and are read like the ones in events, so they are taken as they stand in the answer
 * (`15` is the SDK's schema of a document).
 */
const leanSchemas: Plugin = {
  name: "lean-schemas",
  setup(plugin) {
    plugin.onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const constants = new Map([...source.matchAll(/^const (_\w+) = ("[^"]*");$/gm)].map(([, name, value]) => [name, value]));
      return {
        contents: source
          .replace(/\[(_\w+)\]: /g, (key, name) => (constants.has(name) ? `${constants.get(name)}: ` : key))
          .replaceAll("() => AwsSecurityFindingList", "15"),
      };
    });
  },
};

/** The SDK clients import their package.json for its version alone. */
const versionOnly: Plugin = {
  name: "version-only",
  setup(plugin) {
    plugin.onLoad({ filter: /@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, async ({ path }) => ({
      contents: JSON.stringify({ version: JSON.parse(await readFile(path, "utf8")).version }),
      loader: "json",
    }));
  },
};
