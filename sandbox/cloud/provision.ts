import { type Cloud, type Place, type Provisioner, ServiceError } from "../types";
import type { Iam } from "./iam";
import { MANAGEMENT, type Organization } from "./organizations";
import { INVOKES } from "./provision-invokes";
import { type Administration, ORGANIZATION_TYPES } from "./provision-organization-types";
import { CREATORS, callIn } from "./provision-stateful";
import { autoName, guess, type Made, TYPES, text, type Values, type Wanted } from "./provision-types";

/** Where a resource without a provider goes. */
const ANYWHERE: Place = { account: "222222222222", region: "eu-west-1" };

const placeOf = (inputs: Values, provider: Place | undefined): Place => {
  const { account, region } = provider ?? ANYWHERE;
  // A resource may name a Region of its own.
  return { account, region: text(inputs.region) || region };
};

/** Refuses what AWS takes in another account only. */
function checkAccount(administration: Administration | undefined, { type, account }: Wanted): void {
  const management = account === MANAGEMENT;
  if (administration === "management" && !management)
    throw new ServiceError("AccessDeniedException", `${type} belongs into the management account, not into ${account}`);
  if (administration === "delegated" && management)
    throw new ServiceError(
      "AccessDeniedException",
      `${type} belongs into the delegated administrator account, not into the management account`,
    );
}

/** A role by name, id or ARN. */
const roleName = (given: unknown): string => text(given).split("/").at(-1) ?? "";

/** Tells IAM what a resource grants. */
function recordPermissions({ policies }: Iam, { type, name, account, inputs }: Wanted, made: Made): void {
  switch (type) {
    case "aws:iam/role:Role":
      policies.declareRole(account, name, inputs.assumeRolePolicy, text(inputs.permissionsBoundary) || undefined);
      for (const inline of (inputs.inlinePolicies ?? []) as Values[])
        if (inline.policy) policies.putPolicy(account, name, text(inline.name) || "inline", inline.policy);
      for (const arn of (inputs.managedPolicyArns ?? []) as string[]) policies.attach(account, name, arn);
      break;
    case "aws:iam/policy:Policy":
      policies.declareManaged(made.id, inputs.policy);
      break;
    case "aws:iam/rolePolicy:RolePolicy":
      policies.putPolicy(account, roleName(inputs.role), name, inputs.policy);
      break;
    case "aws:iam/rolePolicyAttachment:RolePolicyAttachment":
      policies.attach(account, roleName(inputs.role), text(inputs.policyArn));
      break;
  }
}

/** Creates what the program declares: computed for what the runtime acts on, in the emulator for what functions read and write. */
export function createProvisioner(parts: {
  readonly endpoint: string;
  readonly call: Cloud["call"];
  readonly iam: Iam;
  readonly organization: Organization;
  readonly progress: (text: string) => void;
}): Provisioner {
  const { endpoint, call, iam, organization, progress } = parts;
  return {
    async create({ urn, type, name, inputs, provider }) {
      if (type.startsWith("pulumi:providers:")) return { id: autoName(urn, name, {}), outputs: {} };
      const known = TYPES[type] ?? ORGANIZATION_TYPES[type];
      const wanted: Wanted = {
        urn,
        type,
        endpoint,
        inputs,
        ...placeOf(inputs, provider),
        name: text(inputs[known?.nameInput ?? "name"]) || autoName(urn, text(inputs.namePrefix) || name, inputs),
      };
      if (!known) progress(`not emulated: ${type}`);
      checkAccount(ORGANIZATION_TYPES[type]?.administration, wanted);
      const made = known ? known.make(wanted) : guess(wanted);
      recordPermissions(iam, wanted, made);
      const { id, ...answered } = (await CREATORS[type]?.(wanted, made, callIn(call, wanted))) ?? {};
      return {
        id: id ?? made.id,
        outputs: { ...made.outputs, ...(/^aws:(?!iam\/)/.test(type) && { region: wanted.region }), ...answered },
      };
    },
    async invoke(token, parameters, provider) {
      const invoke = INVOKES[token];
      if (!invoke) throw new Error(`the sandbox does not emulate the provider function ${token}`);
      return { ...invoke(parameters, placeOf(parameters, provider), organization) };
    },
  };
}
