import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type OrganizationPartArgs, optionsFor } from "./part";

/** Service principal of StackSets that accounts are deployed by. */
const STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com";

/**
 * What services may do in the Organization on our behalf. Security Hub and GuardDuty see to it themselves when their administrator is designated; CloudTrail
 * and Inspector do not by API, nor does GuardDuty's malware protection:
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html
 *
 * For StackSets there is only the delegated administrator here. Their access has to be activated by a call of their own, of which no resource type is known,
 * once and in the management account: `aws cloudformation activate-organizations-access`. Enabling the service principal in Organizations instead looks right
 * but lets no StackSet be created (https://github.com/pepperize/cdk-organizations/issues/1718); without the call, this registration is refused.
 */
export class TrustedAccess extends pulumi.ComponentResource {
  /** What StackSets of the security account have to wait for. */
  readonly stackSets: readonly pulumi.Resource[];

  constructor(name: string, args: OrganizationPartArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:TrustedAccess", name, {}, opts);
    const { forwarding, securityAccountId } = args.settings.organization;
    const { inManagement } = optionsFor(this, args);
    for (const [service, servicePrincipal] of servicesOf(args)) {
      new aws.organizations.AwsServiceAccess(service, { servicePrincipal }, inManagement);
    }
    this.stackSets =
      forwarding.via === "stackset"
        ? [
            new aws.organizations.DelegatedAdministrator(
              "stacksets",
              { accountId: securityAccountId, servicePrincipal: STACK_SETS },
              inManagement,
            ),
          ]
        : [];
    this.registerOutputs({});
  }
}

function servicesOf({ settings }: OrganizationPartArgs): readonly (readonly [name: string, principal: string])[] {
  const { manage, existingTrail } = settings.organization;
  return [
    ...(manage.trail && existingTrail === undefined ? [["cloudtrail", "cloudtrail.amazonaws.com"] as const] : []),
    ...(manage.inspector ? [["inspector", "inspector2.amazonaws.com"] as const] : []),
    ...(manage.guardDuty ? [["guardduty-malware-protection", "malware-protection.guardduty.amazonaws.com"] as const] : []),
  ];
}
