import { createRequire } from "node:module";
import type { Struct as StructMessage } from "google-protobuf/google/protobuf/struct_pb";

/**
 * The protobuf runtime that the Pulumi SDK's messages are made with. It is not the one that a plain import finds here: two versions of it do not mix
 * in one message.
 */
const pulumiRequire = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const { Struct } = pulumiRequire("google-protobuf/google/protobuf/struct_pb") as typeof import("google-protobuf/google/protobuf/struct_pb");
export const { Empty } = pulumiRequire(
  "google-protobuf/google/protobuf/empty_pb",
) as typeof import("google-protobuf/google/protobuf/empty_pb");

/** A property value as it travels between program and engine: JSON, in which objects with a signature key stand for secrets, assets and the like. */
export type Wire = null | boolean | number | string | Wire[] | { [key: string]: Wire };
export type WireProperties = Record<string, Wire>;

export const toStruct = (properties: WireProperties): StructMessage => Struct.fromJavaScript(properties);

export const fromStruct = (struct: StructMessage | undefined): WireProperties => (struct?.toJavaScript() ?? {}) as WireProperties;
