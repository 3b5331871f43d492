import { type ServiceCall, ServiceError, type ServiceHandler } from "../types";
import { type Instance, type StackSet, type StackSets, stackSetArn } from "./stack-sets";

type Input = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Most instances of a page: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackInstances.html */
const PAGE = 100;

const pairs = (values: Readonly<Record<string, string>>, key: string, value: string): Record<string, string>[] =>
  Object.entries(values).map(([name, given]) => ({ [key]: name, [value]: given }));

const setSummary = (set: StackSet) => ({
  StackSetName: set.name,
  StackSetId: set.id,
  Description: set.description ?? set.template.description,
  Status: "ACTIVE",
  AutoDeployment: { Enabled: set.autoDeployment.enabled, RetainStacksOnAccountRemoval: set.autoDeployment.retain },
  PermissionModel: "SERVICE_MANAGED",
  DriftStatus: "NOT_CHECKED",
  ManagedExecution: { Active: set.managedExecution },
});

const setDescription = (set: StackSet) => ({
  ...setSummary(set),
  TemplateBody: set.template.body,
  Parameters: pairs(set.parameters, "ParameterKey", "ParameterValue"),
  Capabilities: set.capabilities,
  Tags: pairs(set.tags, "Key", "Value"),
  StackSetARN: stackSetArn(set),
  OrganizationalUnitIds: [...new Set(set.targets.flatMap(({ organizationalUnitIds }) => organizationalUnitIds))],
  Regions: [...new Set(set.targets.flatMap(({ regions }) => regions))],
});

const instanceSummary = (set: StackSet, instance: Instance) => ({
  StackSetId: set.id,
  Region: instance.region,
  Account: instance.account,
  StackId: instance.stackId,
  Status: instance.status,
  StatusReason: instance.reason,
  StackInstanceStatus: { DetailedStatus: instance.detailedStatus },
  OrganizationalUnitId: instance.organizationalUnitId || undefined,
  DriftStatus: "NOT_CHECKED",
});

/** Answers the part of CloudFormation's API that looks at StackSets. */
export function stackSetsHandler(sets: StackSets, managementAccount: string): ServiceHandler {
  /** Sets of a Region are seen by the management account, and by the delegated administrator that says it calls as one. */
  const visible = (call: ServiceCall): readonly StackSet[] =>
    sets.all.filter(
      ({ place }) =>
        place.region === call.region &&
        (call.account === managementAccount || (call.account === place.account && call.input.CallAs === "DELEGATED_ADMIN")),
    );
  const find = (call: ServiceCall): StackSet => {
    const name = text(call.input.StackSetName);
    const set = visible(call).find((one) => one.name === name || one.id === name);
    if (set === undefined) {
      throw new ServiceError("StackSetNotFoundException", `StackSet ${name} not found`, 404);
    }
    return set;
  };

  return async (call) => {
    const { input } = call;
    switch (call.operation) {
      case "ListStackSets":
        return { body: page("Summaries", visible(call).map(setSummary), input) };
      case "DescribeStackSet":
        return { body: { StackSet: setDescription(find(call)) } };
      case "ListStackInstances": {
        const set = find(call);
        return {
          body: page(
            "Summaries",
            instancesOf(set, input).map((instance) => instanceSummary(set, instance)),
            input,
          ),
        };
      }
      case "DescribeStackInstance": {
        const set = find(call);
        const instance = set.instances.get(`${text(input.StackInstanceAccount)} ${text(input.StackInstanceRegion)}`);
        if (instance === undefined) {
          throw new ServiceError("StackInstanceNotFoundException", "The specified stack instance doesn't exist.", 404);
        }
        return { body: { StackInstance: instanceSummary(set, instance) } };
      }
      default:
        return undefined;
    }
  };
}

function instancesOf(set: StackSet, { StackInstanceAccount, StackInstanceRegion, Filters }: Input): readonly Instance[] {
  const statuses = (Array.isArray(Filters) ? (Filters as Input[]) : [])
    .filter(({ Name }) => Name === "DETAILED_STATUS")
    .map(({ Values }) => text(Values));
  return [...set.instances.values()]
    .filter(
      ({ account, region, detailedStatus }) =>
        (text(StackInstanceAccount) || account) === account &&
        (text(StackInstanceRegion) || region) === region &&
        statuses.every((status) => status === detailedStatus),
    )
    .sort((left, right) => `${left.account} ${left.region}`.localeCompare(`${right.account} ${right.region}`));
}

function page(name: string, all: readonly unknown[], { NextToken, MaxResults }: Input): Record<string, unknown> {
  const start = Number(NextToken ?? 0) || 0;
  const end = start + Math.min(Number(MaxResults ?? PAGE) || PAGE, PAGE);
  return { [name]: all.slice(start, end), ...(end < all.length && { NextToken: String(end) }) };
}
