import { deflateRawSync, inflateRawSync } from "node:zlib";

/**
 * A list as a text for an attribute. An item holds 400 KB (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html), and a group may have a
 * thousand rules with descriptions of 255 characters each; deflated they fit.
 */
export const packed = (list: readonly unknown[]): string => deflateRawSync(JSON.stringify(list)).toString("base64");

/** The list of a text; without one there is nothing in it. */
export const unpacked = <T>(text: string | undefined): readonly T[] =>
  text === undefined ? [] : (JSON.parse(inflateRawSync(Buffer.from(text, "base64")).toString()) as T[]);
