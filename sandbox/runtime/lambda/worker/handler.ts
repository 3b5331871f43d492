import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** An error in finding or loading the handler, named as Lambda names it. */
class InitializationError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export type Handler = (event: unknown, context: unknown) => unknown;

/** Loads the handler `folder/file.export` of an archive as Lambda's Node runtime does. */
export async function loadHandler(directory: string, handler: string): Promise<Handler> {
  const [file = "", ...names] = basename(handler).split(".");
  const path = [".js", ".mjs", ".cjs"]
    .map((ending) => join(directory, dirname(handler), `${file}${ending}`))
    .find((one) => existsSync(one));
  if (path === undefined || names.length === 0) {
    throw new InitializationError("Runtime.ImportModuleError", `Error: Cannot find module '${file}'`);
  }
  let value: unknown = path.endsWith(".mjs") ? await import(pathToFileURL(path).href) : createRequire(path)(path);
  for (const name of names) {
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }
  if (value === undefined) {
    throw new InitializationError("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  }
  if (typeof value !== "function") {
    throw new InitializationError("Runtime.HandlerNotFound", `${handler} is not a function`);
  }
  return value as Handler;
}
