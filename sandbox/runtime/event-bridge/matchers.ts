import { BlockList, isIP } from "node:net";
import { isRecord } from "../graph";

/** A value at the end of a path in an event. */
export type Scalar = string | number | boolean | null;

/** Decides about one value that is there. */
export type Matcher = (value: Scalar) => boolean;

/** A pattern that EventBridge would refuse. */
export class InvalidEventPattern extends Error {
  constructor(reason: string) {
    super(`Event pattern is not valid. Reason: ${reason}`);
    this.name = "InvalidEventPatternException";
  }
}

const isScalar = (value: unknown): value is Scalar => value === null || ["string", "number", "boolean"].includes(typeof value);

const strings = (test: (value: string) => boolean): Matcher => {
  return (value) => typeof value === "string" && test(value);
};

const text = (operator: string, value: unknown): string => {
  if (typeof value !== "string") {
    throw new InvalidEventPattern(`${operator} match pattern must be a string`);
  }
  return value;
};

/** `prefix` and `suffix` take a string, or `{"equals-ignore-case": string}`. */
function affix(operator: "prefix" | "suffix", operand: unknown): Matcher {
  const ignoreCase = isRecord(operand) && "equals-ignore-case" in operand;
  const wanted = text(operator, ignoreCase ? operand["equals-ignore-case"] : operand);
  const at = (value: string, part: string): boolean => (operator === "prefix" ? value.startsWith(part) : value.endsWith(part));
  return strings((value) => (ignoreCase ? at(value.toLowerCase(), wanted.toLowerCase()) : at(value, wanted)));
}

const equalsIgnoreCase = (operand: unknown): Matcher => {
  const wanted = text("equals-ignore-case", operand).toLowerCase();
  return strings((value) => value.toLowerCase() === wanted);
};

/** `*` stands for any characters; `\*` and `\\` for themselves. */
function wildcard(operand: unknown): Matcher {
  const wanted = text("wildcard", operand);
  if (/\*\*/.test(wanted.replace(/\\./g, ""))) {
    throw new InvalidEventPattern("Consecutive wildcard characters");
  }
  const source = wanted.replace(/\\([*\\])|(\*)|([\s\S])/g, (_, escaped?: string, star?: string, plain?: string) =>
    star !== undefined ? "[\\s\\S]*" : (escaped ?? plain ?? "").replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"),
  );
  const expression = new RegExp(`^${source}$`);
  return strings((value) => expression.test(value));
}

const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "=": (left, right) => left === right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

function numeric(operand: unknown): Matcher {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 !== 0 || operand.length > 4) {
    throw new InvalidEventPattern("Value of numeric must be an array of one or two comparisons");
  }
  const comparisons: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const compare = COMPARISONS[String(operand[index])];
    const bound: unknown = operand[index + 1];
    if (compare === undefined || typeof bound !== "number") {
      throw new InvalidEventPattern(`Unrecognized numeric range operator or bound: ${JSON.stringify(operand)}`);
    }
    comparisons.push((value) => compare(value, bound));
  }
  return (value) => typeof value === "number" && comparisons.every((compare) => compare(value));
}

function cidr(operand: unknown): Matcher {
  const [address = "", bits] = text("cidr", operand).split("/");
  const family = isIP(address);
  const prefix = Number(bits ?? (family === 4 ? 32 : 128));
  if (family === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > (family === 4 ? 32 : 128)) {
    throw new InvalidEventPattern(`Malformed CIDR, one '/' required: ${String(operand)}`);
  }
  const range = new BlockList();
  range.addSubnet(address, prefix, family === 4 ? "ipv4" : "ipv6");
  return strings((value) => isIP(value) === family && range.check(value, family === 4 ? "ipv4" : "ipv6"));
}

/** `anything-but` takes a value, a list of values, or one of the text operators with a text or a list of texts. */
function anythingBut(operand: unknown): Matcher {
  const excluded = isRecord(operand) ? operatorList(operand) : valueList(operand);
  return (value) => !excluded.some((matches) => matches(value));
}

function valueList(operand: unknown): Matcher[] {
  const list = Array.isArray(operand) ? operand : [operand];
  if (list.length === 0 || !list.every((value) => typeof value === "string" || typeof value === "number")) {
    throw new InvalidEventPattern(
      "Value of anything-but must be a string, a number, a list of them, or prefix, suffix, wildcard or equals-ignore-case",
    );
  }
  return list.map((wanted) => (value) => value === wanted);
}

function operatorList(operand: Readonly<Record<string, unknown>>): Matcher[] {
  const [[operator, value] = ["", undefined], ...others] = Object.entries(operand);
  const make = NEGATABLE[operator];
  if (make === undefined || others.length > 0) {
    throw new InvalidEventPattern(`Unsupported anything-but pattern: ${operator}`);
  }
  return (Array.isArray(value) ? value : [value]).map(make);
}

const NEGATABLE: Readonly<Record<string, (operand: unknown) => Matcher>> = {
  prefix: (operand) => affix("prefix", operand),
  suffix: (operand) => affix("suffix", operand),
  "equals-ignore-case": equalsIgnoreCase,
  wildcard,
};

const OPERATORS: Readonly<Record<string, (operand: unknown) => Matcher>> = { ...NEGATABLE, numeric, cidr, "anything-but": anythingBut };

/** One element of the list at the end of a path in a pattern: a value, or an object with one operator (`exists` aside, which is about paths, not values). */
export function matcherOf(element: unknown): Matcher {
  if (isScalar(element)) {
    return (value) => value === element;
  }
  const [[operator, operand] = ["", undefined], ...others] = isRecord(element) ? Object.entries(element) : [];
  const make = OPERATORS[operator];
  if (make === undefined || others.length > 0) {
    throw new InvalidEventPattern(`Unrecognized match type ${operator}`);
  }
  return make(operand);
}
