import { arn, attached, digest, type ResourceType, text, uuid, type Wanted } from "./provision-types";

/** Where AWS takes a resource: in the management account, or in the one that it delegated to. */
export type Administration = "management" | "delegated";

/** A type of resource that sets up something for the whole Organization. */
export interface OrganizationType extends ResourceType {
  /** Absent: any account. */
  readonly administration?: Administration;
}

const inManagement = (type: ResourceType): OrganizationType => ({ ...type, administration: "management" });
const delegated = (type: ResourceType): OrganizationType => ({ ...type, administration: "delegated" });

/** An account that is made an administrator of a service: the account is the id. */
const designation = (input: string, outputs: Readonly<Record<string, unknown>> = {}): OrganizationType =>
  inManagement({ make: ({ inputs }) => ({ id: text(inputs[input]), outputs: { ...outputs } }) });
/** One of an account and Region: the account is the id. */
const ofAccount = ({ account }: Wanted): string => account;
const ofDetector = ({ inputs }: Wanted): string => text(inputs.detectorId);
const feature = ({ inputs }: Wanted): string => `${text(inputs.detectorId)}/${text(inputs.name)}`;
const standard = (standardsArn: string): string =>
  standardsArn
    .split(":")
    .slice(5)
    .join(":")
    .replace(/^(?:standards|ruleset)\//, "");

/** What is switched on for the whole Organization. All of it exists by being recorded. */
export const ORGANIZATION_TYPES: Readonly<Record<string, OrganizationType>> = {
  "aws:organizations/awsServiceAccess:AwsServiceAccess": inManagement({
    make: ({ inputs }) => ({ id: text(inputs.servicePrincipal), outputs: { dateEnabled: "2026-03-01T09:00:00Z" } }),
  }),
  "aws:organizations/delegatedAdministrator:DelegatedAdministrator": inManagement({
    make: ({ inputs, account }) => ({
      id: `${text(inputs.accountId)}/${text(inputs.servicePrincipal)}`,
      outputs: {
        arn: `arn:aws:organizations::${account}:account/o-tocsin0000/${text(inputs.accountId)}`,
        status: "ACTIVE",
        joinedMethod: "CREATED",
        joinedTimestamp: "2026-03-01T09:00:00Z",
        delegationEnabledDate: "2026-03-01T09:00:00Z",
      },
    }),
  }),
  "aws:securityhub/account:Account": {
    make: (wanted) => ({ id: wanted.account, outputs: { arn: arn(wanted, "securityhub", "hub/default") } }),
  },
  "aws:securityhub/configurationPolicy:ConfigurationPolicy": delegated({
    make: (wanted) => {
      const id = uuid(wanted.urn);
      return { id, outputs: { arn: arn(wanted, "securityhub", `configuration-policy/${id}`) } };
    },
  }),
  "aws:securityhub/configurationPolicyAssociation:ConfigurationPolicyAssociation": delegated(
    attached(({ inputs }) => text(inputs.targetId)),
  ),
  "aws:securityhub/findingAggregator:FindingAggregator": delegated({
    make: (wanted) => {
      const aggregator = arn(wanted, "securityhub", `finding-aggregator/${uuid(wanted.urn)}`);
      return { id: aggregator, outputs: { arn: aggregator } };
    },
  }),
  "aws:securityhub/organizationAdminAccount:OrganizationAdminAccount": designation("adminAccountId"),
  "aws:securityhub/organizationConfiguration:OrganizationConfiguration": delegated(attached(ofAccount)),
  "aws:securityhub/standardsSubscription:StandardsSubscription": {
    make: (wanted) => {
      const subscription = arn(wanted, "securityhub", `subscription/${standard(text(wanted.inputs.standardsArn))}`);
      return { id: subscription, outputs: { arn: subscription } };
    },
  },
  "aws:guardduty/detector:Detector": {
    make: (wanted) => {
      const id = digest(wanted.urn).slice(0, 32);
      return { id, outputs: { accountId: wanted.account, arn: arn(wanted, "guardduty", `detector/${id}`) } };
    },
  },
  "aws:guardduty/detectorFeature:DetectorFeature": attached(feature),
  "aws:guardduty/organizationAdminAccount:OrganizationAdminAccount": designation("adminAccountId"),
  "aws:guardduty/organizationConfiguration:OrganizationConfiguration": delegated(attached(ofDetector)),
  "aws:guardduty/organizationConfigurationFeature:OrganizationConfigurationFeature": delegated(attached(feature)),
  "aws:inspector2/delegatedAdminAccount:DelegatedAdminAccount": designation("accountId", { relationshipStatus: "ENABLED" }),
  "aws:inspector2/enabler:Enabler": attached(
    ({ inputs }) => `${(inputs.accountIds as string[]).join(":")}-${(inputs.resourceTypes as string[]).join(":")}`,
  ),
  "aws:inspector2/organizationConfiguration:OrganizationConfiguration": delegated({
    make: ({ account }) => ({ id: account, outputs: { maxAccountLimitReached: false } }),
  }),
  "aws:cloudtrail/organizationDelegatedAdminAccount:OrganizationDelegatedAdminAccount": designation("accountId"),
  "aws:cloudtrail/trail:Trail": {
    make: (wanted) => {
      const trail = arn(wanted, "cloudtrail", `trail/${wanted.name}`);
      return { id: trail, outputs: { name: wanted.name, arn: trail, homeRegion: wanted.region, snsTopicArn: "" } };
    },
  },
};
