/** A value as DynamoDB writes it: `{"S": "text"}`. */
export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

const bytes = (text: unknown): number => Buffer.byteLength(String(text));

/** Two digits a byte, and one byte more; zeros at either end are not kept, a minus takes a byte. */
function numberBytes(text: string): number {
  const digits = text.replace(/^-/, "").replace(".", "").replace(/^0+/, "").replace(/0+$/, "").length;
  return Math.ceil(digits / 2) + 1 + (text.startsWith("-") ? 1 : 0);
}

/** Size of a value, without its name. */
function valueBytes(value: AttributeValue): number {
  const [[type, content] = ["NULL", true]] = Object.entries(value);
  switch (type) {
    case "S":
      return bytes(content);
    case "N":
      return numberBytes(String(content));
    case "B":
      return Buffer.byteLength(String(content), "base64");
    case "SS":
      return (content as readonly string[]).reduce((sum, text) => sum + bytes(text), 0);
    case "L":
      return 3 + (content as readonly AttributeValue[]).reduce((sum, element) => sum + 1 + valueBytes(element), 0);
    case "M":
      return 3 + Object.entries(content as Item).reduce((sum, [name, element]) => sum + 1 + bytes(name) + valueBytes(element), 0);
    case "BOOL":
    case "NULL":
      return 1;
    default:
      throw new TypeError(`There is no size for an attribute of type ${type}.`);
  }
}

/** Bytes of each attribute with its name, the largest first. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export const attributeBytes = (item: Item): (readonly [name: string, bytes: number])[] =>
  Object.entries(item)
    .map(([name, value]) => [name, bytes(name) + valueBytes(value)] as const)
    .sort(([, left], [, right]) => right - left);

/** Bytes that DynamoDB bills an item by. */
export const itemBytes = (item: Item): number => attributeBytes(item).reduce((sum, [, size]) => sum + size, 0);

/** What one write unit holds. */
export const WRITE_UNIT = 1024;

/** Write units of one write of an item. */
export const writeUnits = (size: number): number => Math.max(1, Math.ceil(size / WRITE_UNIT));

/**
 * Writes to the index of due episodes that an update causes: a new entry and a removed one are one each, a changed one is both.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
 * @param expression the UpdateExpression, with placeholders named after their attributes.
 * @param before the item before, as far as it was answered.
 */
export function indexWrites(expression: string, before: Item | undefined): number {
  if (/#due = if_not_exists\(#due,/.test(expression)) {
    return before?.due === undefined ? 1 : 0;
  }
  if (/#due = /.test(expression)) {
    return 2;
  }
  return /\bREMOVE [^:]*#due\b/.test(expression) ? 1 : 0;
}
