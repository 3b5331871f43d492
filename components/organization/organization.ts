import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { GuardDuty } from "./guard-duty";
import { Inspector } from "./inspector";
import type { OrganizationPartArgs } from "./part";
import { SecurityHub } from "./security-hub";
import { OrganizationTrail } from "./trail";
import { TrustedAccess } from "./trusted-access";

export type OrganizationArgs = Omit<OrganizationPartArgs, "after">;

/**
 * What the Organization itself needs so that every account is covered: the security account runs Security Hub, GuardDuty and Inspector for all, new accounts
 * join by themselves, and a trail records changes. Each part can be left out (`manage`) where the Organization has it already.
 *
 * @example
 * const { organizationId } = new Organization("organization", { settings, management, security });
 */
export class Organization extends pulumi.ComponentResource {
  /** Id of the Organization, `o-…`. */
  readonly organizationId: pulumi.Output<string>;
  /** The organization trail: ours, or the one that the settings name. */
  readonly trailArn?: pulumi.Output<string>;
  /** What StackSets of the security account have to wait for. */
  readonly stackSetsDelegation: readonly pulumi.Resource[];

  constructor(name: string, args: OrganizationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:Organization", name, {}, opts);
    const { manage, existingTrail } = args.settings.organization;
    const child = { parent: this };

    const trusted = manage.trustedAccess ? new TrustedAccess("trusted-access", { ...args, after: [] }, child) : undefined;
    const first = trusted ? [trusted] : [];
    // One after the other: each registers its administrator with Organizations, which takes one change at a time and fails the others:
    // https://github.com/awslabs/landing-zone-accelerator-on-aws/issues/370
    let after: readonly pulumi.Resource[] = first;
    if (manage.securityHub) {
      after = [new SecurityHub("security-hub", { ...args, after }, child).designation];
    }
    if (manage.guardDuty) {
      after = [new GuardDuty("guardduty", { ...args, after }, child).designation];
    }
    if (manage.inspector) {
      new Inspector("inspector", { ...args, after }, child);
    }
    if (existingTrail !== undefined) {
      this.trailArn = pulumi.output(existingTrail);
    } else if (manage.trail) {
      this.trailArn = new OrganizationTrail("organization-trail", { ...args, after: first }, child).arn;
    }

    this.stackSetsDelegation = trusted?.stackSets ?? [];
    // Not its accounts, which are the answer's better part by default: thousands of calls that Organizations throttles.
    const { id } = aws.organizations.getOrganizationOutput({ returnOrganizationOnly: true }, { provider: args.management, parent: this });
    this.organizationId = id;
    this.registerOutputs({ organizationId: this.organizationId, trailArn: this.trailArn });
  }
}
