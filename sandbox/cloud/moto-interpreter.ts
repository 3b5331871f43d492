import { constants } from "node:fs";
import { access, open } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";

async function firstLines(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The executable of that name, if there is one. */
export async function onPath(name: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const directory of (environment.PATH ?? "").split(delimiter).filter(Boolean)) {
    const path = join(directory, name);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

/**
 * Interpreters that the `moto_server` on PATH may run on, the likeliest first: the one its first line names (also in the form that pip writes for long
 * paths), or the one beside it, which is what a version manager's shim has. Empty without `moto_server`.
 */
export async function interpretersOnPath(environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const script = await onPath("moto_server", environment);
  if (script === undefined) return [];
  const text = await firstLines(script);
  const named = /^#!\s*(\S*python\S*)\s/.exec(text)?.[1] ?? /^'''exec' "?([^"\s]*python[^"\s]*)/m.exec(text)?.[1];
  const beside = join(dirname(script), "python3");
  return named === undefined ? [beside, "python3"] : [named];
}
