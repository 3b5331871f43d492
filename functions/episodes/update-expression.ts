import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";

/** Changes to one item, by attribute. */
export interface Changes {
  readonly set?: Readonly<Record<string, unknown>>;
  /** Set only where the attribute does not exist yet. */
  readonly setIfAbsent?: Readonly<Record<string, unknown>>;
  /** Set to what another attribute holds, or otherwise to a value. */
  readonly copy?: Readonly<Record<string, { readonly from: string; readonly otherwise: unknown }>>;
  /** A number to count on by one (absent counts as 0), except where the attribute `unless` exists: that one holds the number 0. */
  readonly next?: { readonly number: string; readonly unless: string };
  /** Numbers to add (absent counts as 0), or sets to unite with. */
  readonly add?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
}

/** A condition; attributes are written `#name`, values `:name`. */
export interface Condition {
  readonly expression: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** The part of an UpdateItem request that says what is to change, and when. */
export interface UpdateExpression {
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, AttributeValue>;
}

/** Builds the request part from data, every name and value by placeholder, so that no reserved word and no hostile string gets into an expression. */
export function updateExpression(changes: Changes, condition?: Condition): UpdateExpression {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = { ...prefixed(condition?.values ?? {}) };
  const clause = (entries: Readonly<Record<string, unknown>> = {}, write: (name: string, value: string) => string): string[] =>
    Object.entries(entries)
      .filter(([, value]) => value !== undefined)
      .map(([attribute, value]) => {
        const placeholder = attribute.replaceAll(/\W/g, "_");
        names[`#${placeholder}`] = attribute;
        values[`:new_${placeholder}`] = value;
        return write(`#${placeholder}`, `:new_${placeholder}`);
      });
  const sets = [
    ...clause(changes.set, (name, value) => `${name} = ${value}`),
    ...clause(changes.setIfAbsent, (name, value) => `${name} = if_not_exists(${name}, ${value})`),
  ];
  for (const [attribute, { from, otherwise }] of Object.entries(changes.copy ?? {})) {
    names[`#${from}`] = from;
    sets.push(...clause({ [attribute]: otherwise }, (name, value) => `${name} = if_not_exists(#${from}, ${value})`));
  }
  if (changes.next !== undefined) {
    const { number, unless } = changes.next;
    names[`#${number}`] = number;
    names[`#${unless}`] = unless;
    values[":none"] = 0;
    values[":one"] = 1;
    // Arithmetic with functions: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
    sets.push(`#${number} = if_not_exists(#${number}, :none) + if_not_exists(#${unless}, :one)`);
  }
  const adds = clause(changes.add, (name, value) => `${name} ${value}`);
  const removes = (changes.remove ?? []).map((attribute) => {
    names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  });
  for (const [placeholder] of condition?.expression.matchAll(/#\w+/g) ?? []) {
    names[placeholder] = placeholder.slice(1);
  }
  const clauses = [
    sets.length > 0 ? `SET ${sets.join(", ")}` : "",
    removes.length > 0 ? `REMOVE ${removes.join(", ")}` : "",
    adds.length > 0 ? `ADD ${adds.join(", ")}` : "",
  ];
  return {
    UpdateExpression: clauses.filter(Boolean).join(" "),
    ...(condition && { ConditionExpression: condition.expression }),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: marshall(values, { removeUndefinedValues: true }),
  };
}

const prefixed = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value]));
