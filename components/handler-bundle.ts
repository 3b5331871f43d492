import * as pulumi from "@pulumi/pulumi";
import { type BuildOptions, build } from "esbuild";
import { LEAN } from "./lean-packages";

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
  const bundle = bundleWithModule(text, folder);
  bundles.set(text, bundle);
  return bundle;
}

/** Where a callback requires the module that it runs. */
const REQUIRED = /\brequire\("(\.\.\/functions\/[^"]+)"\)/;

/** What the module is called in the bundle. */
const MODULE = "handlerModule";

/**
 * The module that a callback requires is bundled by itself first, from an `import`: esbuild does not tree-shake what is reached by `require`, and the whole
 * of every SDK client would come along. It stands before the callback as a function that is called at once, which V8 compiles in one go; what is only called later it
 * reads twice.
 */
async function bundleWithModule(text: string, folder: string): Promise<string> {
  const path = REQUIRED.exec(text)?.[1];
  if (path === undefined) {
    throw new pulumi.RunError("A callback of a function requires no module of functions/.");
  }
  const contents = `export { createHandler } from ${JSON.stringify(path)};`;
  const module = await buildOne({ stdin: { contents, resolveDir: folder }, plugins: LEAN, format: "iife", globalName: MODULE });
  const callback = text.replace(REQUIRED, MODULE);
  return buildOne({ stdin: { contents: callback, resolveDir: folder, sourcefile: "callback.js" }, banner: { js: module } });
}

/** Bundles the text of an ES module for Lambda, with only what it uses of the AWS SDK. */
export const bundleModule = (contents: string, resolveDir: string): Promise<string> =>
  buildOne({ stdin: { contents, resolveDir }, plugins: LEAN });

async function buildOne(options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({ ...OPTIONS, ...options, write: false });
  return outputFiles?.[0]?.text ?? "";
}
