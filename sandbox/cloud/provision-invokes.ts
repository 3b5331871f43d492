import type { Place } from "../types";
import type { Organization } from "./organizations";
import type { Values } from "./provision-types";

type Invoke = (parameters: Values, place: Place, organization: Organization) => Values;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const one = (values: readonly unknown[]): unknown => (values.length === 1 ? values[0] : values);

/** AWS's shape from the provider's: `accountNames` are `AccountNames`. */
const camel = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, camel(inner)]),
  );
};

const principals = (given: unknown): unknown => {
  const grouped = new Map<string, unknown[]>();
  for (const { type, identifiers } of list(given) as { type: string; identifiers: unknown[] }[])
    grouped.set(type, [...(grouped.get(type) ?? []), ...identifiers]);
  if (grouped.get("*")) return "*";
  return Object.fromEntries([...grouped].map(([type, identifiers]) => [type, one(identifiers)]));
};

const conditions = (given: unknown): Values => {
  const grouped: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of list(given) as { test: string; variable: string; values: unknown[] }[])
    grouped[test] = { ...grouped[test], [variable]: one(values) };
  return grouped;
};

const policyDocument: Invoke = (parameters) => {
  const statements = (list(parameters.statements) as Values[]).map((statement) => ({
    ...(statement.sid !== undefined && { Sid: statement.sid }),
    Effect: statement.effect ?? "Allow",
    ...(list(statement.actions).length > 0 && { Action: one(list(statement.actions)) }),
    ...(list(statement.notActions).length > 0 && { NotAction: one(list(statement.notActions)) }),
    ...(list(statement.resources).length > 0 && { Resource: one(list(statement.resources)) }),
    ...(list(statement.notResources).length > 0 && { NotResource: one(list(statement.notResources)) }),
    ...(list(statement.principals).length > 0 && { Principal: principals(statement.principals) }),
    ...(list(statement.notPrincipals).length > 0 && { NotPrincipal: principals(statement.notPrincipals) }),
    ...(list(statement.conditions).length > 0 && { Condition: conditions(statement.conditions) }),
  }));
  const document = {
    Version: parameters.version ?? "2012-10-17",
    ...(parameters.policyId !== undefined && { Id: parameters.policyId }),
    Statement: statements,
  };
  return { json: JSON.stringify(document, null, 2), minifiedJson: JSON.stringify(document) };
};

const getRegion: Invoke = ({ region, name }, place) => {
  const id = String(region ?? name ?? place.region);
  return { id, name: id, region: id, description: id, endpoint: `ec2.${id}.amazonaws.com` };
};

/** Provider functions that the program may ask. */
export const INVOKES: Readonly<Record<string, Invoke>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_, { account }) => ({
    id: account,
    accountId: account,
    arn: `arn:aws:sts::${account}:assumed-role/deployment/pulumi`,
    userId: "AROADEPLOYMENT:pulumi",
  }),
  "aws:index/getRegion:getRegion": getRegion,
  "aws:index/getPartition:getPartition": () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:iam/getPolicyDocument:getPolicyDocument": policyDocument,
  "aws:organizations/getOrganization:getOrganization": (_, __, organization) => {
    const { Id, Arn, FeatureSet, MasterAccountArn, MasterAccountId, MasterAccountEmail } = organization.describe();
    const accounts = camel(organization.accounts()) as Values[];
    return {
      id: Id,
      arn: Arn,
      featureSet: FeatureSet,
      masterAccountArn: MasterAccountArn,
      masterAccountId: MasterAccountId,
      masterAccountEmail: MasterAccountEmail,
      masterAccountName: accounts.find(({ id }) => id === MasterAccountId)?.name,
      accounts,
      nonMasterAccounts: accounts.filter(({ id }) => id !== MasterAccountId),
      roots: camel(organization.roots()),
      awsServiceAccessPrincipals: [],
      enabledPolicyTypes: [],
    };
  },
};
