import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";
import { homeFirst, type OrganizationPartArgs, optionsFor } from "./part";
import { standardArns } from "./standards";

/**
 * Security Hub for the whole Organization, run by the security account from the home Region: findings of all covered Regions come together there, and a
 * configuration policy says what is on in every account, new ones included. In the order that central configuration asks for:
 * https://docs.aws.amazon.com/securityhub/latest/userguide/start-central-configuration.html
 *
 * Controls check what AWS Config records, which each account has to have on; that is not set up here.
 */
export class SecurityHub extends pulumi.ComponentResource {
  /** The security account is the administrator. */
  readonly designation: pulumi.Resource;

  constructor(name: string, args: OrganizationPartArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:SecurityHub", name, {}, opts);
    const { settings } = args;
    const { region } = settings;
    const { securityAccountId } = settings.organization;
    const { inManagement, inSecurity } = optionsFor(this, args);

    // Before it is designated, which would otherwise switch it on with default standards and a finding for each standard that has the control.
    const hub = new aws.securityhub.Account(name, { region, ...HUB }, inSecurity);
    const administrator = new aws.securityhub.OrganizationAdminAccount(
      name,
      { adminAccountId: securityAccountId, region },
      { ...inManagement, dependsOn: [hub, ...args.after] },
    );
    const aggregator = new aws.securityhub.FindingAggregator(
      name,
      { region, ...linked(settings) },
      { ...inSecurity, dependsOn: [administrator] },
    );
    const central = new aws.securityhub.OrganizationConfiguration(
      name,
      // New accounts are the policy's business: central configuration refuses both switches.
      { region, autoEnable: false, autoEnableStandards: "NONE", organizationConfiguration: { configurationType: "CENTRAL" } },
      { ...inSecurity, dependsOn: [aggregator] },
    );
    const policy = new aws.securityhub.ConfigurationPolicy(
      name,
      {
        region,
        name: "tocsin",
        description: "Security Hub with the CIS and AWS Foundational standards, every control on",
        configurationPolicy: {
          serviceEnabled: true,
          enabledStandardArns: standardArns(region),
          // A list of what is off rather than on: controls that AWS adds are on by themselves.
          securityControlsConfiguration: { disabledControlIdentifiers: [] },
        },
      },
      { ...inSecurity, dependsOn: [central] },
    );
    // The policy has to find Security Hub switched on in the management account: only the account itself can do that.
    const inManagementAccount = homeFirst(settings).map(
      (place) => new aws.securityhub.Account(`${name}-management-${place}`, { region: place, ...HUB }, inManagement),
    );
    for (const target of targetsOf(settings)) {
      new aws.securityhub.ConfigurationPolicyAssociation(
        `${name}-${target}`,
        { region, policyId: policy.id, targetId: target },
        { ...inSecurity, dependsOn: inManagementAccount },
      );
    }
    this.designation = administrator;
    this.registerOutputs({});
  }
}

/** Standards come by the policy. One finding for a control, however many standards have it: the same problem is told once, and costs once. */
const HUB = { enableDefaultStandards: false, autoEnableControls: true, controlFindingGenerator: "SECURITY_CONTROL" } as const;

/** The Regions whose findings come to the home Region. */
function linked(settings: Settings): { linkingMode: string; specifiedRegions?: string[] } {
  const [, ...others] = homeFirst(settings);
  return others.length === 0 ? { linkingMode: "NO_REGIONS" } : { linkingMode: "SPECIFIED_REGIONS", specifiedRegions: others };
}

/** What the policy is for: what the forwarding covers, and in any case the two accounts that it is run from. */
function targetsOf({ organization }: Settings): readonly string[] {
  const { forwarding, securityAccountId, managementAccountId } = organization;
  const covered = forwarding.via === "stackset" ? forwarding.organizationalUnitIds : forwarding.accountIds;
  const everything = covered.some((id) => id.startsWith("r-"));
  return everything ? covered : [...new Set([...covered, securityAccountId, managementAccountId])];
}
