import { accountOfArn } from "./sessions";

/** A policy document as a program gives it: JSON text, or the object. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/** What the Organization's roles may do, collected as they are created. */
export interface RolePolicies {
  /** Identity policies by name. */
  readonly identity: Map<string, PolicyDocument>;
  boundary?: PolicyDocument;
  trust?: PolicyDocument;
}

/** AWS's own policies that programs attach to functions. */
const MANAGED: Readonly<Record<string, readonly string[]>> = {
  "service-role/AWSLambdaBasicExecutionRole": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
  "service-role/AWSLambdaSQSQueueExecutionRole": [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
  ],
  AWSXRayDaemonWriteAccess: [
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:GetSamplingStatisticSummaries",
  ],
  ReadOnlyAccess: ["*:Get*", "*:List*", "*:Describe*"],
  AdministratorAccess: ["*"],
};

/** Reads a policy; throws a plain sentence for what is none. */
export function parsePolicy(document: unknown, what: string): PolicyDocument {
  let value = document;
  if (typeof document === "string") {
    try {
      value = JSON.parse(document);
    } catch (error) {
      throw new Error(`${what} is not JSON: ${(error as Error).message}`);
    }
  }
  if (typeof value !== "object" || value === null || !("Statement" in value))
    throw new Error(`${what} is no policy document: it has no Statement`);
  return value as PolicyDocument;
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** The `Allow`ed actions of a policy, as written. */
export const grantedActions = (policy: PolicyDocument): readonly string[] =>
  list(policy.Statement).flatMap((statement) => {
    const { Effect, Action } = statement as { Effect?: unknown; Action?: unknown };
    return Effect === "Allow" ? list(Action).filter((action) => typeof action === "string") : [];
  });

/** The condition keys that a policy asks about, in lower case. */
export const conditionKeys = (policy: PolicyDocument): readonly string[] =>
  list(policy.Statement).flatMap((statement) =>
    Object.values((statement as { Condition?: Record<string, Record<string, unknown>> }).Condition ?? {}).flatMap((keys) =>
      Object.keys(keys).map((key) => key.toLowerCase()),
    ),
  );

/** All roles and customer-managed policies of the Organization. */
export class Policies {
  readonly #roles = new Map<string, RolePolicies>();
  readonly #managed = new Map<string, PolicyDocument>();
  /** Changes whenever a policy does. */
  version = 0;

  /** Roles are known by account and name: an ARN's path does not matter, as names are unique in an account. */
  static key(account: string, name: string): string {
    return `${account}/${name.split("/").at(-1)}`;
  }

  #role(account: string, name: string): RolePolicies {
    const key = Policies.key(account, name);
    const known = this.#roles.get(key) ?? { identity: new Map<string, PolicyDocument>() };
    this.#roles.set(key, known);
    this.version += 1;
    return known;
  }

  declareRole(account: string, name: string, trust: unknown, boundaryArn?: string): void {
    const role = this.#role(account, name);
    role.trust = parsePolicy(trust, `the trust policy of role ${name}`);
    if (boundaryArn) role.boundary = this.#document(boundaryArn);
  }

  putPolicy(account: string, role: string, policyName: string, document: unknown): void {
    this.#role(account, role).identity.set(policyName, parsePolicy(document, `policy ${policyName} of role ${role}`));
  }

  declareManaged(arn: string, document: unknown): void {
    this.#managed.set(arn, parsePolicy(document, `policy ${arn}`));
  }

  /** Attaches a managed policy. Throws for one of AWS's that the sandbox does not hold: granting nothing in silence would mislead. */
  attach(account: string, role: string, policyArn: string): void {
    this.#role(account, role).identity.set(policyArn, this.#document(policyArn));
  }

  #document(arn: string): PolicyDocument {
    const known = this.#managed.get(arn);
    if (known) return known;
    const actions = MANAGED[/^arn:aws:iam::aws:policy\/(.+)$/.exec(arn)?.[1] ?? ""];
    if (!actions) throw new Error(`the sandbox does not know the managed policy ${arn}`);
    return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] };
  }

  /** Policies of a role, by its ARN. */
  ofRole(roleArn: string): RolePolicies | undefined {
    return this.#roles.get(Policies.key(accountOfArn(roleArn), roleArn));
  }

  /** Every role with its granted actions. */
  *granted(): Generator<{ account: string; role: string; actions: ReadonlySet<string> }> {
    for (const [key, { identity }] of this.#roles) {
      const [account = "", role = ""] = key.split("/");
      yield { account, role, actions: new Set([...identity.values()].flatMap(grantedActions)) };
    }
  }
}
