/** Whether a log line matches. */
export type Matches = (line: unknown) => boolean;

const TOKEN = /\s*(?:(\(|\))|(&&|\|\|)|(!=|<=|>=|=|<|>)|"((?:[^"\\]|\\.)*)"|(\$(?:\.[\w-]+|\[\d+\]|\."[^"]+")+)|([^\s()"&|=!<>]+))/y;

interface Token {
  readonly kind: "bracket" | "logic" | "comparison" | "quoted" | "property" | "word";
  readonly text: string;
}

const KINDS = ["bracket", "logic", "comparison", "quoted", "property", "word"] as const;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    const index = found?.slice(1).findIndex((group) => group !== undefined) ?? -1;
    const kind = KINDS[index];
    if (found === null || kind === undefined) {
      throw new SyntaxError(`"${text.slice(at, at + 20).trim()}" means nothing`);
    }
    tokens.push({ kind, text: found[index + 1] ?? "" });
  }
  return tokens;
}

/**
 * Reads a metric filter's pattern for JSON lines: `{ ($.eventName = A) || ($.errorCode = "*Unauthorized*") }`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws SyntaxError for one of another kind.
 */
export function readPattern(pattern: string): Matches {
  const inner = /^\s*\{([\s\S]*)\}\s*$/.exec(pattern)?.[1];
  if (inner === undefined) {
    throw new SyntaxError("only patterns for JSON, in braces, are known");
  }
  const tokens = tokensOf(inner);
  const next = (): Token | undefined => tokens.shift();
  const takes = (text: string): boolean => tokens[0]?.kind !== "quoted" && tokens[0]?.text === text && next() !== undefined;

  const condition = (): Matches => {
    if (takes("(")) {
      const inside = any();
      if (!takes(")")) {
        throw new SyntaxError("a bracket is not closed");
      }
      return inside;
    }
    const property = next();
    if (property?.kind !== "property") {
      throw new SyntaxError(`a property such as $.eventName is expected, not ${property?.text ?? "the end"}`);
    }
    return compared(property.text, next, takes);
  };
  const all = (): Matches => {
    const parts = [condition()];
    while (takes("&&")) {
      parts.push(condition());
    }
    return (line) => parts.every((part) => part(line));
  };
  const any = (): Matches => {
    const parts = [all()];
    while (takes("||")) {
      parts.push(all());
    }
    return (line) => parts.some((part) => part(line));
  };

  const matches = any();
  if (tokens.length > 0) {
    throw new SyntaxError(`${tokens[0]?.text} is not expected`);
  }
  return matches;
}

function compared(property: string, next: () => Token | undefined, takes: (text: string) => boolean): Matches {
  const path = [...property.matchAll(/\.([\w-]+)|\[(\d+)\]|\."([^"]+)"/g)].map(([, name, index, quoted]) => name ?? index ?? quoted ?? "");
  const valueIn = (line: unknown): unknown =>
    path.reduce<unknown>(
      (value, key) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined),
      line,
    );
  if (takes("NOT")) {
    if (takes("EXISTS")) {
      return (line) => valueIn(line) === undefined;
    }
  } else if (takes("IS")) {
    const [what] = [["NULL", null] as const, ["TRUE", true] as const, ["FALSE", false] as const].filter(([word]) => takes(word));
    if (what !== undefined) {
      return (line) => valueIn(line) === what[1];
    }
  }
  const operator = next();
  const wanted = next();
  if (operator?.kind !== "comparison" || (wanted?.kind !== "word" && wanted?.kind !== "quoted")) {
    throw new SyntaxError(`${property} is not compared with anything`);
  }
  return (line) => holds(valueIn(line), operator.text, wanted.text);
}

function holds(value: unknown, operator: string, wanted: string): boolean {
  const number = Number(wanted);
  switch (operator) {
    case "=":
      return equals(value, wanted);
    case "!=":
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html: a property that is not there does not match
      return value !== undefined && !equals(value, wanted);
    default:
      return (
        typeof value === "number" &&
        { "<": value < number, ">": value > number, "<=": value <= number, ">=": value >= number }[operator] === true
      );
  }
}

/** A star stands for any characters. */
function equals(value: unknown, wanted: string): boolean {
  if (typeof value === "number") {
    return value === Number(wanted);
  }
  const pattern = wanted.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return typeof value === "string" && new RegExp(`^${pattern.join("[\\s\\S]*")}$`).test(value);
}
