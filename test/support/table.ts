import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";

type Item = Record<string, AttributeValue>;

/**
 * A DynamoDB table in memory that evaluates the update and condition expressions it is sent, so that tests run the real expressions without a server.
 * It knows what the episodes table uses: SET with `if_not_exists` and sums, REMOVE, ADD, comparisons, AND, OR and parentheses.
 */
export class MemoryTable {
  readonly items = new Map<string, Item>();
  /** Requests that were answered, by operation. */
  readonly requests: string[] = [];
  /** Called before each request: may wait (to interleave workers) or throw (an outage). */
  before: (operation: string) => Promise<void> | void = () => undefined;

  /** What the store takes for its client. */
  get client(): DynamoDBClient {
    return { send: (command: unknown) => this.send(command) } as unknown as DynamoDBClient;
  }

  private async send(command: unknown): Promise<unknown> {
    const operation = (command as object).constructor.name.replace("Command", "");
    await this.before(operation);
    this.requests.push(operation);
    if (command instanceof UpdateItemCommand) return this.update(command.input);
    if (command instanceof GetItemCommand) return { Item: this.items.get(command.input.Key?.pk?.S ?? "") };
    if (command instanceof ScanCommand) {
      const { FilterExpression = "", ExpressionAttributeValues = {} } = command.input;
      const prefixes = Object.values(ExpressionAttributeValues).map(({ S = "" }) => S);
      const asked = FilterExpression.startsWith("begins_with")
        ? ({ pk }: Item): boolean => prefixes.some((prefix) => pk?.S?.startsWith(prefix))
        : ({ status }: Item): boolean => status?.S === "open";
      return { Items: [...this.items.values()].filter(asked) };
    }
    if (command instanceof QueryCommand) {
      const { ":shard": shard, ":now": now, ":due": due } = command.input.ExpressionAttributeValues ?? {};
      const asked = (item: Item): boolean => (due === undefined ? (item.due?.S ?? "~") <= (now?.S ?? "") : item.due?.S === due.S);
      return { Items: [...this.items.values()].filter((item) => item.shard?.S === shard?.S && asked(item)) };
    }
    if (command instanceof BatchGetItemCommand) {
      const tables = Object.entries(command.input.RequestItems ?? {});
      return {
        Responses: Object.fromEntries(
          tables.map(([name, { Keys = [] }]) => [
            name,
            Keys.map(({ pk }) => this.items.get(pk?.S ?? "")).filter((item) => item !== undefined),
          ]),
        ),
      };
    }
    throw new Error(`the table in memory does not know ${operation}`);
  }

  private update(input: UpdateItemCommandInput): { Attributes?: Item } {
    const key = input.Key?.pk?.S ?? "";
    const old = this.items.get(key);
    const names = (placeholder: string): string => input.ExpressionAttributeNames?.[placeholder] ?? placeholder;
    const values = (placeholder: string): AttributeValue => {
      const value = input.ExpressionAttributeValues?.[placeholder];
      if (value === undefined) throw new Error(`no value ${placeholder}`);
      return value;
    };
    if (input.ConditionExpression !== undefined && !holds(input.ConditionExpression, old ?? {}, names, values)) {
      throw new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {}, Item: old });
    }
    const item: Item = { pk: { S: key }, ...structuredClone(old) };
    for (const [, clause = "", body = ""] of (input.UpdateExpression ?? "").matchAll(/(SET|REMOVE|ADD) (.*?)(?= (?:SET|REMOVE|ADD) |$)/g)) {
      for (const part of body.split(/, (?=[#\w])/)) {
        const [left = "", right = ""] = clause === "SET" ? part.split(" = ") : part.split(" ");
        const name = names(left);
        if (clause === "REMOVE") delete item[name];
        if (clause === "ADD") item[name] = sum(item[name], values(right));
        if (clause === "SET") {
          const [first, ...others] = right.split(" + ").map((operand) => {
            const [, path = "", otherwise] = /if_not_exists\((#\w+), (:\w+)\)/.exec(operand) ?? [];
            return otherwise === undefined ? values(operand) : (old?.[names(path)] ?? values(otherwise));
          });
          item[name] = others.reduce((total, operand) => sum(total, operand), first) as AttributeValue;
        }
      }
    }
    this.items.set(key, item);
    return { Attributes: old };
  }
}

function sum(old: AttributeValue | undefined, added: AttributeValue): AttributeValue {
  if (added.SS !== undefined) return { SS: [...new Set([...(old?.SS ?? []), ...added.SS])] };
  return { N: String(Number(old?.N ?? 0) + Number(added.N)) };
}

/** Evaluates a condition expression by recursive descent. */
function holds(expression: string, item: Item, names: (p: string) => string, values: (p: string) => AttributeValue): boolean {
  const tokens = expression.match(/<>|<=|>=|[()<>=]|[#:]?\w+/g) ?? [];
  let position = 0;
  const next = (): string => tokens[position++] ?? "";
  const or = (): boolean => {
    let result = and();
    while (tokens[position] === "OR") {
      position++;
      result = and() || result;
    }
    return result;
  };
  const and = (): boolean => {
    let result = term();
    while (tokens[position] === "AND") {
      position++;
      result = term() && result;
    }
    return result;
  };
  const term = (): boolean => {
    const token = next();
    if (token === "(") {
      const result = or();
      next();
      return result;
    }
    if (token.startsWith("attribute_")) {
      next();
      const exists = item[names(next())] !== undefined;
      next();
      return token === "attribute_exists" ? exists : !exists;
    }
    const left = plain(item[names(token)]);
    const operator = next();
    const operand = next();
    const right = plain(operand.startsWith(":") ? values(operand) : item[names(operand)]);
    if (left === undefined || right === undefined) return operator === "<>";
    return { "=": left === right, "<>": left !== right, "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right }[
      operator
    ] as boolean;
  };
  return or();
}

const plain = (value: AttributeValue | undefined): string | number | undefined =>
  value?.S ?? (value?.N === undefined ? undefined : Number(value.N));
