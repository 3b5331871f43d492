import { type Place, type Provisioner, ServiceError } from "../types";
import { isObject } from "./intrinsics";
import { type Instance, type StackSet, type StackSets, stackSetArn, type Targets } from "./stack-sets";
import { parseTemplate } from "./template";

type Values = Readonly<Record<string, unknown>>;
type Wanted = Parameters<Provisioner["create"]>[0];
type Made = Awaited<ReturnType<Provisioner["create"]>>;

const object = (value: unknown): Values => (isObject(value) ? value : {});
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
const parameters = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(object(value)).map(([name, given]) => [name, String(given)]));

function placeOf({ inputs, provider }: Wanted): Place {
  if (provider === undefined) {
    throw new Error("a StackSet needs a provider that names account and Region");
  }
  return { account: provider.account, region: text(inputs.region) || provider.region };
}

/**
 * A provisioner that makes StackSets too: their stacks become resources in the members.
 * @param managementAccount calls as itself; any other account has to say that it is the delegated administrator.
 */
export function withStackSets(provisioner: Provisioner, sets: StackSets, managementAccount: string): Provisioner {
  const create: Provisioner["create"] = (resource) => provisioner.create(resource);

  const createSet = (wanted: Wanted): Made => {
    const { inputs, name } = wanted;
    const place = placeOf(wanted);
    if (inputs.permissionModel !== "SERVICE_MANAGED") {
      throw new Error(
        `the sandbox has StackSets with permissionModel SERVICE_MANAGED only, not ${text(inputs.permissionModel) || "SELF_MANAGED"}`,
      );
    }
    checkCaller(place, text(inputs.callAs), managementAccount);
    if (text(inputs.templateBody) === "") {
      throw new Error("the sandbox takes the template of a StackSet from templateBody");
    }
    const { enabled, retainStacksOnAccountRemoval } = object(inputs.autoDeployment);
    const set = sets.create({
      name: text(inputs.name) || name,
      place,
      template: parseTemplate(text(inputs.templateBody)),
      parameters: parameters(inputs.parameters),
      capabilities: texts(inputs.capabilities),
      tags: parameters(inputs.tags),
      ...(text(inputs.description) !== "" && { description: text(inputs.description) }),
      autoDeployment: { enabled: enabled === true, retain: retainStacksOnAccountRemoval === true },
      managedExecution: object(inputs.managedExecution).active === true,
    });
    return { id: set.name, outputs: { name: set.name, arn: stackSetArn(set), stackSetId: set.id, region: place.region } };
  };

  const createInstances = async (
    wanted: Wanted,
    regions: readonly string[],
  ): Promise<{ set: StackSet; instances: readonly Instance[] }> => {
    const { inputs } = wanted;
    checkCaller(placeOf(wanted), text(inputs.callAs), managementAccount);
    const set = sets.find(text(inputs.stackSetName));
    if (set === undefined) {
      throw new ServiceError("StackSetNotFoundException", `StackSet ${text(inputs.stackSetName)} not found`, 404);
    }
    const given = object(inputs.deploymentTargets);
    const preferences = object(inputs.operationPreferences);
    const targets: Targets = {
      organizationalUnitIds: texts(given.organizationalUnitIds),
      accounts: texts(given.accounts),
      filter: (text(given.accountFilterType) || "NONE") as Targets["filter"],
      regions,
      parameters: parameters(inputs.parameterOverrides),
      tolerance: {
        ...(typeof preferences.failureToleranceCount === "number" && { count: preferences.failureToleranceCount }),
        ...(typeof preferences.failureTolerancePercentage === "number" && { percentage: preferences.failureTolerancePercentage }),
      },
    };
    if (targets.organizationalUnitIds.length === 0) {
      throw new Error("a service-managed StackSet is deployed to organizational units (deploymentTargets), not to single accounts");
    }
    return { set, instances: await sets.deploy(set, targets, create) };
  };

  return {
    invoke: (token, given, provider) => provisioner.invoke(token, given, provider),
    async create(wanted) {
      const { inputs } = wanted;
      switch (wanted.type) {
        case "aws:cloudformation/stackSet:StackSet":
          return createSet(wanted);
        case "aws:cloudformation/stackSetInstance:StackSetInstance": {
          const region = text(inputs.stackSetInstanceRegion) || placeOf(wanted).region;
          const { set, instances } = await createInstances(wanted, [region]);
          const units = texts(object(inputs.deploymentTargets).organizationalUnitIds).join("/");
          return {
            id: `${set.name},${units},${region}`,
            outputs: {
              organizationalUnitId: units,
              stackSetInstanceRegion: region,
              stackInstanceSummaries: instances.map(({ account, organizationalUnitId, stackId }) => ({
                accountId: account,
                organizationalUnitId,
                stackId,
              })),
            },
          };
        }
        case "aws:cloudformation/stackInstances:StackInstances": {
          const { set, instances } = await createInstances(wanted, texts(inputs.regions));
          return {
            id: `${set.name},${text(inputs.callAs) || "SELF"},OU`,
            outputs: {
              stackSetId: set.id,
              stackInstanceSummaries: instances.map(
                ({ account, region, organizationalUnitId, stackId, status, detailedStatus, reason }) => ({
                  accountId: account,
                  region,
                  organizationalUnitId,
                  stackId,
                  stackSetId: set.id,
                  status,
                  detailedStatus,
                  statusReason: reason ?? "",
                  driftStatus: "NOT_CHECKED",
                }),
              ),
            },
          };
        }
        default:
          sets.claims.take(wanted.urn, wanted.type, inputs, wanted.provider ?? { account: "", region: "" });
          return provisioner.create(wanted);
      }
    },
  };
}

/** The management account calls as itself, the delegated administrator as what it is. */
function checkCaller({ account }: Place, callAs: string, managementAccount: string): void {
  if ((account === managementAccount) === (callAs === "DELEGATED_ADMIN")) {
    throw new ServiceError(
      "ValidationError",
      `callAs ${callAs || "SELF"} in account ${account}: you must be the management account or delegated admin account of an organization before operating a SERVICE_MANAGED stack set`,
    );
  }
}
