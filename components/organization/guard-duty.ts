import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { homeFirst, type OrganizationPartArgs, optionsFor } from "./part";

/**
 * Protection plans that are on in all accounts, new ones included. They need no agent, are billed by what they read, and so cost nothing where the service is
 * not used; malware protection looks at volumes only after a finding. Not here: runtime monitoring, which puts an agent into every instance and cluster and is
 * billed by vCPU (a decision of whoever owns them), and AI protection, which few need. What is not listed stays as it is.
 */
const FEATURES = ["S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS", "EBS_MALWARE_PROTECTION"] as const;

/** GuardDuty for the whole Organization, run by the security account: a service of each Region, so everything exists in each of them. */
export class GuardDuty extends pulumi.ComponentResource {
  /** The security account is the administrator in the home Region, and hence known to Organizations. */
  readonly designation: pulumi.Resource;

  constructor(name: string, args: OrganizationPartArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:GuardDuty", name, {}, opts);
    const [home, ...others] = homeFirst(args.settings);
    this.designation = this.#inRegion(`${name}-${home}`, home, args, args.after);
    for (const region of others) {
      // The first designation registers the administrator with Organizations; others at the same time fail:
      // https://github.com/aws-samples/aws-secure-environment-accelerator/issues/778
      this.#inRegion(`${name}-${region}`, region, args, [this.designation]);
    }
    this.registerOutputs({});
  }

  /** @returns the designation of the administrator in the Region. */
  #inRegion(name: string, region: string, args: OrganizationPartArgs, after: readonly pulumi.Resource[]): pulumi.Resource {
    const { inManagement, inSecurity } = optionsFor(this, args);
    // Before it is designated, which would otherwise create a detector of its own, and an account has one.
    const detector = new aws.guardduty.Detector(
      name,
      // Updates of a finding come after a quarter of an hour instead of six hours: that it got worse is told in time. Repeats cost next to nothing.
      { region, enable: true, findingPublishingFrequency: "FIFTEEN_MINUTES" },
      inSecurity,
    );
    const administrator = new aws.guardduty.OrganizationAdminAccount(
      name,
      { adminAccountId: args.settings.organization.securityAccountId, region },
      { ...inManagement, dependsOn: [detector, ...after] },
    );
    let previous: pulumi.Resource = new aws.guardduty.OrganizationConfiguration(
      name,
      { region, detectorId: detector.id, autoEnableOrganizationMembers: "ALL" },
      { ...inSecurity, dependsOn: [administrator] },
    );
    for (const feature of FEATURES) {
      // One after the other: each is a change of the same configuration.
      previous = new aws.guardduty.OrganizationConfigurationFeature(
        `${name}-${feature.toLowerCase().replaceAll("_", "-")}`,
        { region, detectorId: detector.id, name: feature, autoEnable: "ALL" },
        { ...inSecurity, dependsOn: [previous] },
      );
    }
    return administrator;
  }
}
