import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { homeFirst, type OrganizationPartArgs, optionsFor } from "./part";

/**
 * Inspector for the whole Organization, run by the security account: a service of each Region, so everything exists in each of them. Instances, images and
 * functions are scanned; the scans of source code (Lambda code, repositories) read what the teams wrote and are for them to switch on.
 *
 * It is switched on by itself in accounts that join; for those that are there already AWS asks for their ids, once (docs/settings.md).
 */
export class Inspector extends pulumi.ComponentResource {
  constructor(name: string, args: OrganizationPartArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:Inspector", name, {}, opts);
    const [home, ...others] = homeFirst(args.settings);
    const first = this.#inRegion(`${name}-${home}`, home, args, args.after);
    for (const region of others) {
      // As with GuardDuty: the first designation registers the administrator with Organizations.
      this.#inRegion(`${name}-${region}`, region, args, [first]);
    }
    this.registerOutputs({});
  }

  /** @returns the designation of the administrator. */
  #inRegion(name: string, region: string, args: OrganizationPartArgs, after: readonly pulumi.Resource[]): pulumi.Resource {
    const { inManagement, inSecurity } = optionsFor(this, args);
    const account = args.settings.organization.securityAccountId;
    const administrator = new aws.inspector2.DelegatedAdminAccount(
      name,
      { accountId: account, region },
      { ...inManagement, dependsOn: [...after] },
    );
    const enabled = new aws.inspector2.Enabler(
      name,
      { accountIds: [account], resourceTypes: ["EC2", "ECR", "LAMBDA"], region },
      { ...inSecurity, dependsOn: [administrator] },
    );
    // The administrator has to have it on itself ("Invoking account is not enabled"): https://github.com/schubergphilis/terraform-aws-mcaf-landing-zone/pull/200
    new aws.inspector2.OrganizationConfiguration(
      name,
      { region, autoEnable: { ec2: true, ecr: true, lambda: true, lambdaCode: false, codeRepository: false } },
      { ...inSecurity, dependsOn: [enabled] },
    );
    return administrator;
  }
}
