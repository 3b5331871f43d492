export type Values = Readonly<Record<string, unknown>>;

/** What Slack finds wrong in blocks, and where (a JSON pointer). */
export interface BlockFault {
  readonly pointer: string;
  readonly message: string;
}

export const at = (pointer: string, message: string): BlockFault => ({ pointer, message });

export const isObject = (value: unknown): value is Values => typeof value === "object" && value !== null && !Array.isArray(value);

/** A text that must be there, not empty, and at most so long. */
export function lengthFault(text: unknown, pointer: string, most: number): BlockFault[] {
  if (typeof text !== "string") {
    return [at(pointer, "must be a string")];
  }
  if (text === "") {
    return [at(pointer, "must be more than 0 characters")];
  }
  return text.length > most ? [at(pointer, `must be less than ${most + 1} characters`)] : [];
}

/** A list that must be there, not empty, and at most so long; and what is wrong with its items. */
export function listFaults(
  list: unknown,
  pointer: string,
  most: number,
  ofItem: (item: unknown, pointer: string) => BlockFault[],
): BlockFault[] {
  if (!Array.isArray(list) || list.length === 0) {
    return [at(pointer, "must provide at least one item")];
  }
  return [
    ...(list.length > most ? [at(pointer, `no more than ${most} items allowed`)] : []),
    ...list.flatMap((item: unknown, index) => ofItem(item, `${pointer}/${index}`)),
  ];
}
