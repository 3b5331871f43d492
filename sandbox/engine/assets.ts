import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { ArchiveValue } from "../types";
import { isWireObject, SIGNATURES, signatureOf, type WireObject } from "./wire";

/** A single file among the properties of a resource, such as the source of a bucket object. */
export interface AssetValue {
  readonly kind: "asset";
  readonly contents: Uint8Array;
}

const remote = (uri: unknown): Error =>
  new Error(`The file at ${uri} is not fetched here: only files and texts of the program itself can be deployed.`);

/** Contents of an asset; paths are relative to the program's directory. */
export function readAsset(wire: WireObject, directory: string): AssetValue {
  if (typeof wire.path === "string") return { kind: "asset", contents: readFileSync(resolve(directory, wire.path)) };
  if (typeof wire.uri === "string") throw remote(wire.uri);
  return { kind: "asset", contents: Buffer.from(String(wire.text ?? ""), "utf8") };
}

function filesBelow(folder: string): Record<string, Uint8Array> {
  if (!statSync(folder).isDirectory()) {
    throw new Error(`${folder} is a packed archive: only folders and lists of files can be deployed here.`);
  }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [relative(folder, path).split(sep).join("/"), readFileSync(path)]));
}

/** Files of an archive by their path in it, nested archives included. */
export function readArchive(wire: WireObject, directory: string): ArchiveValue {
  if (typeof wire.path === "string") return { kind: "archive", files: filesBelow(resolve(directory, wire.path)) };
  if (typeof wire.uri === "string") throw remote(wire.uri);
  const files: Record<string, Uint8Array> = {};
  for (const [name, member] of Object.entries(isWireObject(wire.assets) ? wire.assets : {})) {
    if (!isWireObject(member)) continue;
    if (signatureOf(member) === SIGNATURES.archive) {
      for (const [path, contents] of Object.entries(readArchive(member, directory).files)) files[`${name}/${path}`] = contents;
    } else {
      files[name] = readAsset(member, directory).contents;
    }
  }
  return { kind: "archive", files };
}
