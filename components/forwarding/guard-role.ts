import { GUARD_ROLE } from "../../functions/guard/settings";
import type { Settings } from "../../settings";
import { arnOf, partitionOf, roleArn } from "../names";
import { crossAccountTrustDocument, policyDocument, type Statement } from "../policies";
import type { MemberRole } from "./member-resources";

/** What the guard needs of every member. */
export interface GuardSide {
  readonly partition: string;
  /** `arn:aws:iam::222222222222:root` */
  readonly securityAccount: string;
  /** Roles of the functions that look at groups or change them. */
  readonly trustedRoleArns: readonly string[];
  readonly externalId: string;
  /** Whether it may change anything, or look alone. */
  readonly changes: boolean;
  /** Key of the tag that exempts a group or VPC; absent: none does. */
  readonly exemptTag?: string;
}

/** What the functions show when they assume the role, so that nobody else's request passes for theirs: the Organization, as the settings know it. */
export const externalIdOf = ({ organization }: Pick<Settings, "organization">): string => `tocsin-${organization.managementAccountId}`;

/** What the settings ask of every member for the guard; undefined where there is none. */
export function guardSide(settings: Settings): GuardSide | undefined {
  const { region, organization, securityGroupGuard: guard } = settings;
  if (guard === undefined) {
    return undefined;
  }
  const security = { account: organization.securityAccountId, region };
  return {
    partition: partitionOf(region),
    securityAccount: arnOf({ ...security, region: "" }, "iam", "root"),
    trustedRoleArns: ["guard", "guard-act", "sweep-place"].map((name) => roleArn(security, name)),
    externalId: externalIdOf(settings),
    changes: guard.mode !== "alert",
    ...(guard.exemptTag !== undefined && { exemptTag: guard.exemptTag }),
  };
}

/**
 * The guard's role in an account. It looks at groups, and changes nothing but their rules for incoming traffic; with `mode: alert` nothing at all.
 * @param account id of the account, or what stands for it in a template.
 */
export function guardRole(side: GuardSide, account: string): MemberRole {
  const { securityAccount, trustedRoleArns, externalId } = side;
  return {
    name: GUARD_ROLE,
    description: "Lets tocsin in the security account look at security groups, and put their rules back if it is told to",
    trust: crossAccountTrustDocument({ account: securityAccount, roleArns: trustedRoleArns, externalId }),
    permissions: policyDocument([...looks(side), ...(side.changes ? puts(side, account) : [])]),
  };
}

function looks({ partition, exemptTag }: GuardSide): Statement[] {
  const described = ["SecurityGroups", "SecurityGroupRules", "NetworkInterfaces", "Tags", ...(exemptTag === undefined ? [] : ["Vpcs"])];
  return [
    // None of these has a resource level.
    { sid: "LooksAtGroups", actions: described.map((what) => `ec2:Describe${what}`), resources: ["*"] },
    // Those of AWS belong to no account, and others may be shared with this one.
    { sid: "LooksAtPrefixLists", actions: ["ec2:GetManagedPrefixListEntries"], resources: [`arn:${partition}:ec2:*:*:prefix-list/*`] },
  ];
}

/** What is exempt is out of reach even if the check for the tag were wrong. (Of a VPC's tag IAM does not know.) */
function puts({ partition, exemptTag }: GuardSide, account: string): Statement[] {
  const ofAccount = (type: string): string => `arn:${partition}:ec2:*:${account}:${type}/*`;
  const conditions = exemptTag === undefined ? {} : { conditions: { Null: { [`aws:ResourceTag/${exemptTag}`]: "true" } } };
  return [
    {
      sid: "ChangesGroups",
      actions: ["ec2:RevokeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupIngress", "ec2:ModifySecurityGroupRules"],
      resources: [ofAccount("security-group")],
      ...conditions,
    },
    // A call that modifies needs the rule and, where the former rule names one, the prefix list as well.
    {
      sid: "ChangesRules",
      actions: ["ec2:ModifySecurityGroupRules"],
      resources: [ofAccount("security-group-rule"), `arn:${partition}:ec2:*:*:prefix-list/*`],
    },
  ];
}
