import { createHash } from "node:crypto";
import type { ArchiveValue, Place } from "../types";
import type { AssetValue } from "./assets";
import { type PropertyPath, UNKNOWN } from "./properties";
import type { ProgramResult } from "./run-program";

/** A policy that the program does not keep. */
export interface Violation {
  readonly policy: string;
  readonly level: string;
  readonly urn: string;
  readonly message: string;
  readonly severity: string;
}

/** A resource as commands write it to JSON files. */
export interface ResourceJson {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN; only the stack itself has none. */
  readonly parent: string | null;
  /** For resources of an AWS provider that names them. */
  readonly provider: Place | null;
  readonly custom: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
}

/** What `preview --json` and `sandbox -- graph` write. */
export interface GraphJson {
  readonly resources: readonly ResourceJson[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly violations: readonly Violation[];
  readonly seconds: number;
}

const fingerprint = (contents: Uint8Array): { bytes: number; sha256: string } => ({
  bytes: contents.byteLength,
  sha256: createHash("sha256").update(contents).digest("hex"),
});

const hasKind = <Kind extends string>(value: object, kind: Kind): value is { kind: Kind } => "kind" in value && value.kind === kind;

const isArchive = (value: object): value is ArchiveValue => hasKind(value, "archive") && "files" in value;

const isAsset = (value: object): value is AssetValue =>
  hasKind(value, "asset") && "contents" in value && value.contents instanceof Uint8Array;

/** Properties for JSON: secrets and unknowns by name only, files by size and digest. */
function jsonProperties(values: Readonly<Record<string, unknown>>, secrets: readonly PropertyPath[]): Record<string, unknown> {
  const hidden = new Set(secrets.map((path) => JSON.stringify(path)));
  const convert = (value: unknown, path: PropertyPath): unknown => {
    if (hidden.has(JSON.stringify(path))) return "[secret]";
    if (value === UNKNOWN) return "[unknown]";
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item, index) => convert(item, [...path, index]));
    if (isArchive(value)) {
      return { archive: Object.fromEntries(Object.entries(value.files).map(([name, contents]) => [name, fingerprint(contents)])) };
    }
    if (isAsset(value)) return { asset: fingerprint(value.contents) };
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, convert(inner, [...path, key])]));
  };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, convert(value, [key])]));
}

/** The graph of a run, and what policies found in it, for a JSON file. */
export function graphJson(
  result: Pick<ProgramResult, "resources" | "outputs" | "secretOutputs" | "seconds">,
  violations: readonly Violation[] = [],
): GraphJson {
  return {
    resources: result.resources.map((resource) => ({
      urn: resource.urn,
      type: resource.type,
      name: resource.name,
      parent: resource.parent ?? null,
      provider: resource.provider ?? null,
      custom: resource.custom,
      inputs: jsonProperties(resource.inputs, resource.secrets),
      dependencies: resource.dependencies,
      propertyDependencies: resource.propertyDependencies,
      protect: resource.protect,
    })),
    outputs: jsonProperties(result.outputs, result.secretOutputs),
    violations,
    seconds: result.seconds,
  };
}
