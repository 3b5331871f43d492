import { readArchive, readAsset } from "./assets";
import type { Wire, WireProperties } from "./protobuf";
import { heldBy, isWireObject, SIGNATURES, signatureOf, UNKNOWN_WIRE } from "./wire";

/** A value that is not known before the deployment. There is one such object: compare with `===`. */
export interface UnknownValue {
  readonly kind: "unknown";
}
export const UNKNOWN: UnknownValue = Object.freeze({ kind: "unknown" });

/** Where a value stands among a resource's properties, for example `["environment", "variables", "TOKEN"]`. */
export type PropertyPath = readonly (string | number)[];

/** Properties as plain values, and which of them are secret. */
export interface Properties {
  /** Strings, numbers, lists and maps; archives as `ArchiveValue`, single files as `AssetValue`, what is not known yet as `UNKNOWN`. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly secrets: readonly PropertyPath[];
}

/** Reads properties from the wire. Files are relative to the program's directory. */
export function decodeProperties(properties: WireProperties, directory: string): Properties {
  const secrets: PropertyPath[] = [];

  const decode = (wire: Wire, path: PropertyPath): unknown => {
    if (wire === UNKNOWN_WIRE) return UNKNOWN;
    if (Array.isArray(wire)) return wire.map((item, index) => decode(item, [...path, index]));
    if (!isWireObject(wire)) return wire;
    switch (signatureOf(wire)) {
      case undefined:
        return Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, decode(value, [...path, key])]));
      case SIGNATURES.secret:
        secrets.push(path);
        return decode(wire.value ?? null, path);
      case SIGNATURES.output:
        if (wire.secret === true) secrets.push(path);
        return decode(heldBy(wire), path);
      case SIGNATURES.asset:
        return readAsset(wire, directory);
      case SIGNATURES.archive:
        return readArchive(wire, directory);
      case SIGNATURES.resource:
        // Providers take a resource for its id, and a component (which has none) for its URN.
        return "id" in wire ? decode(wire.id || UNKNOWN_WIRE, path) : decode(wire.urn ?? null, path);
      default:
        throw new Error(`Property ${path.join(".")} has a value of an unknown kind (${String(signatureOf(wire))}).`);
    }
  };

  const values = Object.fromEntries(Object.entries(properties).map(([key, wire]) => [key, decode(wire, [key])]));
  return { values, secrets };
}

/** Writes plain values for the wire. What JSON cannot hold (functions, `undefined`) is left out. */
export function encodeProperties(values: Readonly<Record<string, unknown>>): WireProperties {
  const encode = (value: unknown): Wire => {
    if (value === UNKNOWN) return UNKNOWN_WIRE;
    if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string") return value;
    if (Array.isArray(value)) return value.map(encode);
    if (typeof value === "object") return encodeProperties(value as Record<string, unknown>);
    return null;
  };
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined && typeof value !== "function")
      .map(([key, value]) => [key, encode(value)]),
  );
}
