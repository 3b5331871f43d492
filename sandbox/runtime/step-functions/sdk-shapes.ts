import { NormalizedSchema } from "@smithy/core/schema";
import { isRecord } from "../graph";
import { capitalized } from "./task-error";

/**
 * Step Functions writes all parameters and results in Pascal case, whatever the service's own case is, and JSON where the service takes text. The SDK's own models tell which names are fields
 * (changed) and which are keys of maps (kept).
 */
export function toSdk(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isBlobSchema()) {
    return Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  }
  if (schema.isTimestampSchema()) {
    return typeof value === "string" ? new Date(value) : value;
  }
  if (schema.isStringSchema()) {
    return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
  }
  if (schema.isListSchema() && Array.isArray(value)) {
    return value.map((one) => toSdk(schema.getValueSchema(), one));
  }
  if (schema.isMapSchema() && isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toSdk(schema.getValueSchema(), one)]));
  }
  if (schema.isStructSchema() && isRecord(value)) {
    const members = new Map([...schema.structIterator()].map(([name, member]) => [capitalized(name), [name, member] as const]));
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => {
        const [name, member] = members.get(capitalized(key)) ?? [key, undefined];
        return [name, member === undefined ? one : toSdk(member, one)];
      }),
    );
  }
  return value;
}

/** The other way: fields in Pascal case, dates and bytes as text. */
export function fromSdk(schema: NormalizedSchema, value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString();
  }
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (schema.isListSchema() && Array.isArray(value)) {
    return value.map((one) => fromSdk(schema.getValueSchema(), one));
  }
  if (schema.isMapSchema() && isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fromSdk(schema.getValueSchema(), one)]));
  }
  if (schema.isStructSchema() && isRecord(value)) {
    return Object.fromEntries(
      [...schema.structIterator()].flatMap(([name, member]) =>
        value[name] === undefined ? [] : [[capitalized(name), fromSdk(member, value[name])]],
      ),
    );
  }
  return value;
}

/** Input and output models of a command's operation: `[9, namespace, name, traits, input, output]`. */
export function operationSchemas(command: { readonly schema?: unknown }): { input: NormalizedSchema; output: NormalizedSchema } {
  const schema = command.schema;
  if (!Array.isArray(schema) || schema.length < 6) {
    throw new Error("the SDK's command has no model");
  }
  type Reference = Parameters<typeof NormalizedSchema.of>[0];
  return { input: NormalizedSchema.of(schema[4] as Reference), output: NormalizedSchema.of(schema[5] as Reference) };
}
