/** What a template says that the sandbox cannot do, or that CloudFormation would not take. */
export class TemplateError extends Error {}

/** What a template's functions look things up in. */
export interface Scope {
  /** Value of a parameter, pseudo parameter or resource. */
  reference(name: string): unknown;
  /** Attribute of a resource. */
  attribute(resource: string, name: string): unknown;
  condition(name: string): boolean;
}

/** `{ "Ref": "AWS::NoValue" }`: as if the property were not there. */
export const NO_VALUE = Symbol("AWS::NoValue");

type Values = Readonly<Record<string, unknown>>;
type Intrinsic = (argument: unknown, scope: Scope) => unknown;

export const isObject = (value: unknown): value is Values => typeof value === "object" && value !== null && !Array.isArray(value);

function listOf(value: unknown, name: string, length?: number): readonly unknown[] {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
    throw new TemplateError(`${name} takes a list${length === undefined ? "" : ` of ${length}`}, not ${JSON.stringify(value)}`);
  }
  return value;
}

function textOf(value: unknown, name: string): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  throw new TemplateError(`${name} takes texts, not ${JSON.stringify(value)}`);
}

const join: Intrinsic = (argument, scope) => {
  const [separator, parts] = listOf(argument, "Fn::Join", 2);
  const values = listOf(evaluate(parts, scope), "Fn::Join");
  return values.map((part) => textOf(part, "Fn::Join")).join(textOf(separator, "Fn::Join"));
};

const attribute: Intrinsic = (argument, scope) => {
  const [resource, ...path] = typeof argument === "string" ? argument.split(".") : listOf(argument, "Fn::GetAtt", 2);
  return scope.attribute(textOf(resource, "Fn::GetAtt"), path.map((part) => textOf(part, "Fn::GetAtt")).join("."));
};

/** `${Name}`, `${Resource.Attribute}` and, as it is, `${!Literal}`. */
const substitute: Intrinsic = (argument, scope) => {
  const [template, given] = typeof argument === "string" ? [argument, {}] : listOf(argument, "Fn::Sub", 2);
  const variables = evaluate(given, scope);
  if (!isObject(variables)) {
    throw new TemplateError(`Fn::Sub takes an object of variables, not ${JSON.stringify(given)}`);
  }
  return textOf(template, "Fn::Sub").replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
    if (literal !== "") {
      return `\${${name}}`;
    }
    const key = name.trim();
    const value = Object.hasOwn(variables, key) ? variables[key] : key.includes(".") ? attribute(key, scope) : scope.reference(key);
    return textOf(value, "Fn::Sub");
  });
};

const choose: Intrinsic = (argument, scope) => {
  const [condition, yes, no] = listOf(argument, "Fn::If", 3);
  return evaluate(scope.condition(textOf(condition, "Fn::If")) ? yes : no, scope);
};

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => scope.reference(textOf(name, "Ref")),
  "Fn::GetAtt": attribute,
  "Fn::If": choose,
  "Fn::Join": join,
  "Fn::Sub": substitute,
};

const isFunction = (name: string): boolean => name === "Ref" || name.startsWith("Fn::");

/** A value of a template with all its functions evaluated. Throws `TemplateError` for functions that it does not know. */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => evaluate(item, scope)).filter((item) => item !== NO_VALUE);
  }
  if (!isObject(value)) {
    return value;
  }
  const entries = Object.entries(value);
  const called = entries.find(([name]) => isFunction(name));
  if (called === undefined) {
    return Object.fromEntries(
      entries.map(([name, inner]) => [name, evaluate(inner, scope)] as const).filter(([, inner]) => inner !== NO_VALUE),
    );
  }
  const [name, argument] = called;
  if (entries.length > 1) {
    throw new TemplateError(`${name} stands alone in its object, not beside ${entries.length - 1} other keys`);
  }
  const intrinsic = INTRINSICS[name];
  if (intrinsic === undefined) {
    throw new TemplateError(`the sandbox does not know ${name}`);
  }
  return intrinsic(argument, scope);
}

/** Whether a condition of a template holds. */
export function holds(value: unknown, scope: Scope): boolean {
  if (!isObject(value) || Object.keys(value).length !== 1) {
    throw new TemplateError(`a condition is one function, not ${JSON.stringify(value)}`);
  }
  const [[name, argument] = ["", undefined]] = Object.entries(value);
  switch (name) {
    case "Condition":
      return scope.condition(textOf(argument, name));
    case "Fn::Equals": {
      const [left, right] = listOf(evaluate(argument, scope), name, 2);
      return textOf(left, name) === textOf(right, name);
    }
    case "Fn::Not":
      return !holds(listOf(argument, name, 1)[0], scope);
    case "Fn::And":
      return listOf(argument, name).every((one) => holds(one, scope));
    case "Fn::Or":
      return listOf(argument, name).some((one) => holds(one, scope));
    default:
      throw new TemplateError(`the sandbox does not know ${name} in conditions`);
  }
}
