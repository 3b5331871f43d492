import { createHash } from "node:crypto";

type Statement = Readonly<Record<string, unknown>>;

const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** One value stands alone, several are a list. */
const oneOrMany = (values: readonly unknown[]): unknown => (values.length === 1 ? values[0] : values);

const element = (name: string, value: unknown): Statement => (asList(value).length === 0 ? {} : { [name]: oneOrMany(asList(value)) });

function principals(name: string, value: unknown): Statement {
  const byType: Record<string, unknown[]> = {};
  for (const principal of asList(value) as { type: string; identifiers: readonly string[] }[]) {
    if (principal.type === "*" && principal.identifiers.includes("*")) return { [name]: "*" };
    byType[principal.type] = [...(byType[principal.type] ?? []), ...principal.identifiers];
  }
  const entries = Object.entries(byType).map(([type, ids]) => [type, oneOrMany(ids)]);
  return entries.length === 0 ? {} : { [name]: Object.fromEntries(entries) };
}

function conditions(value: unknown): Statement {
  const tests: Record<string, Record<string, unknown>> = {};
  for (const condition of asList(value) as { test: string; variable: string; values: readonly unknown[] }[]) {
    tests[condition.test] = { ...tests[condition.test], [condition.variable]: oneOrMany(condition.values) };
  }
  return Object.keys(tests).length === 0 ? {} : { Condition: tests };
}

const statement = (given: Statement): Statement => ({
  ...(given.sid ? { Sid: given.sid } : {}),
  Effect: given.effect ?? "Allow",
  ...element("Action", given.actions),
  ...element("NotAction", given.notActions),
  ...element("Resource", given.resources),
  ...element("NotResource", given.notResources),
  ...principals("Principal", given.principals),
  ...principals("NotPrincipal", given.notPrincipals),
  ...conditions(given.conditions),
});

const statementsOf = (documents: unknown): readonly Statement[] =>
  asList(documents).flatMap((document) => asList(JSON.parse(String(document)).Statement) as Statement[]);

/** Appends statements; one with a known Sid takes the other's place. */
function merged(into: readonly Statement[], more: readonly Statement[]): readonly Statement[] {
  const result = [...into];
  for (const added of more) {
    const index = added.Sid === undefined ? -1 : result.findIndex((known) => known.Sid === added.Sid);
    if (index === -1) result.push(added);
    else result[index] = added;
  }
  return result;
}

/**
 * What `aws.iam.getPolicyDocument` answers. The provider computes it without asking AWS, so that it is known in a preview too.
 * https://www.pulumi.com/registry/packages/aws/api-docs/iam/getpolicydocument/
 */
export function policyDocument(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const own = asList(args.statements).map((given) => statement(given as Statement));
  const document = {
    Version: args.version ?? "2012-10-17",
    ...(args.policyId === undefined ? {} : { Id: args.policyId }),
    Statement: merged(
      merged(merged([], statementsOf(args.sourceJson ?? args.sourcePolicyDocuments)), own),
      statementsOf(args.overrideJson ?? args.overridePolicyDocuments),
    ),
  };
  const json = JSON.stringify(document, undefined, 2);
  return { ...args, json, minifiedJson: JSON.stringify(document), id: createHash("sha256").update(json).digest("hex").slice(0, 10) };
}
