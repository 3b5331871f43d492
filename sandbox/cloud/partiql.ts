import { type Cloud, type ServiceCall, ServiceError, type ServiceHandler } from "../types";

type Attribute = Readonly<Record<string, unknown>>;

interface Update {
  readonly table: string;
  readonly set: readonly (readonly [name: string, value: Attribute])[];
  readonly key: Readonly<Record<string, Attribute>>;
}

/** Statements of one BatchExecuteStatement. */
const MOST_STATEMENTS = 25;

const NAME = String.raw`"?([\w.-]+)"?`;
const VALUE = String.raw`(\?|'(?:[^']|'')*'|-?\d+(?:\.\d+)?)`;
const ASSIGNMENT = new RegExp(String.raw`^\s*${NAME}\s*=\s*${VALUE}\s*$`);
const UPDATE = new RegExp(String.raw`^\s*UPDATE\s+${NAME}\s+SET\s+(.+?)\s+WHERE\s+(.+?)\s*;?\s*$`, "is");

/** Reads `UPDATE "table" SET a=? SET b='x' WHERE key=?`, also with commas between; `undefined` for any other statement. */
export function parseUpdate(statement: string, parameters: readonly Attribute[]): Update | undefined {
  const [, table, assignments, conditions] = UPDATE.exec(statement) ?? [];
  if (table === undefined || assignments === undefined || conditions === undefined) return undefined;
  let used = 0;
  const value = (text: string): Attribute | undefined => {
    if (text === "?") return parameters[used++];
    return text.startsWith("'") ? { S: text.slice(1, -1).replaceAll("''", "'") } : { N: text };
  };
  const pairs = (list: string, separator: RegExp): readonly (readonly [string, Attribute])[] | undefined => {
    const read = list.split(separator).map((part) => {
      const [, name, text] = ASSIGNMENT.exec(part) ?? [];
      const given = text === undefined ? undefined : value(text);
      return name === undefined || given === undefined ? undefined : ([name, given] as const);
    });
    return read.every((pair) => pair !== undefined) ? read : undefined;
  };
  const set = pairs(assignments, /(?:,|\s+SET\s+)(?=(?:[^']*'[^']*')*[^']*$)/i);
  const key = set && pairs(conditions, /\s+AND\s+/i);
  return set && key && { table, set, key: Object.fromEntries(key) };
}

/** As PartiQL does, changes only what is there. */
const inputOf = ({ table, set, key }: Update): Readonly<Record<string, unknown>> => ({
  TableName: table,
  Key: key,
  UpdateExpression: `SET ${set.map((_, index) => `#a${index} = :a${index}`).join(", ")}`,
  ConditionExpression: "attribute_exists(#key)",
  ExpressionAttributeNames: { "#key": Object.keys(key)[0], ...Object.fromEntries(set.map(([name], index) => [`#a${index}`, name])) },
  ExpressionAttributeValues: Object.fromEntries(set.map(([, given], index) => [`:a${index}`, given])),
});

/**
 * PartiQL updates by key. The emulator reads every table into memory for each statement and does not understand all of them; these are what they are in DynamoDB
 * too, updates of one item. All other statements are left to it.
 */
export function partiQlHandler(call: Cloud["call"]): ServiceHandler {
  const run = async (asked: ServiceCall, update: Update): Promise<Record<string, unknown>> => {
    try {
      await call(asked, "dynamodb", "UpdateItem", inputOf(update));
      return { TableName: update.table };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      // Batches have codes of their own: those of the exceptions, without their ending.
      return { TableName: update.table, Error: { Code: error.code.replace(/Exception$/, ""), Message: error.message } };
    }
  };
  return async (asked) => {
    if (asked.operation !== "BatchExecuteStatement") return undefined;
    const statements = (asked.input.Statements ?? []) as { Statement: string; Parameters?: readonly Attribute[] }[];
    if (statements.length > MOST_STATEMENTS)
      throw new ServiceError("ValidationException", `Member must have length less than or equal to ${MOST_STATEMENTS}`);
    const updates = statements.map(({ Statement, Parameters }) => parseUpdate(Statement, Parameters ?? []));
    if (!updates.every((update) => update !== undefined)) return undefined;
    return { body: { Responses: await Promise.all(updates.map((update) => run(asked, update))) } };
  };
}
