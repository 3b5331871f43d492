import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountsRegion, coveredRegion, type MemberRole, memberRoles, type RegionResources } from "./member-resources";
import type { MemberSide } from "./member-side";

export interface MemberAccountArgs {
  /** 12 digits. */
  readonly account: string;
  readonly side: MemberSide;
}

/** The member's side of one account, as Pulumi resources: the same that the StackSet's template makes. Needs a provider for the account. */
export class MemberAccount extends pulumi.ComponentResource {
  constructor(name: string, { account, side }: MemberAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:MemberAccount", name, {}, opts);
    const ready = Object.entries(memberRoles(side, account)).flatMap(([which, made]) => role(`${name}-${which}`, made, this));
    for (const [region, resources] of regionsOf(side, account)) {
      inRegion(`${name}-${region}`, region, resources, ready, this);
    }
    this.registerOutputs({});
  }
}

/** Regions of an account with what is in each. The management account has one more where the others have nothing to report. */
function regionsOf(side: MemberSide, account: string): Map<string, RegionResources> {
  const covered = side.regions.map((region): [string, RegionResources] => [region, coveredRegion(side, { account, region })]);
  const special: [string, RegionResources][] = account === side.managementAccountId ? [[side.accounts.region, accountsRegion(side)]] : [];
  return new Map([...covered, ...special]);
}

function role(name: string, { name: physical, description, trust, permissions }: MemberRole, parent: pulumi.Resource): pulumi.Resource[] {
  const made = new aws.iam.Role(name, { name: physical, description, assumeRolePolicy: trust }, { parent });
  return [made, new aws.iam.RolePolicy(name, { name: "permissions", role: made.name, policy: permissions }, { parent })];
}

function inRegion(
  name: string,
  region: string,
  resources: RegionResources,
  roles: readonly pulumi.Resource[],
  parent: pulumi.Resource,
): void {
  const { queue, queuePolicy, rules, target, schedule } = resources;
  const deadLetters = new aws.sqs.Queue(name, { ...queue, region, sqsManagedSseEnabled: true }, { parent });
  const sendable = new aws.sqs.QueuePolicy(name, { queueUrl: deadLetters.url, region, policy: queuePolicy }, { parent });
  const { targetId, arn, roleArn, deadLetterArn, retryPolicy } = target;
  const sent = rules.map(({ name: ruleName, description, pattern }) => {
    const rule = new aws.cloudwatch.EventRule(
      `${name}-${ruleName}`,
      { name: ruleName, region, description, eventPattern: pattern },
      { parent },
    );
    return new aws.cloudwatch.EventTarget(
      `${name}-${ruleName}`,
      { rule: rule.name, region, targetId, arn, roleArn, deadLetterConfig: { arn: deadLetterArn }, retryPolicy },
      { parent, dependsOn: [...roles, sendable] },
    );
  });
  if (schedule) {
    const { targetArn, roleArn: sender, input, source, detailType, retryPolicy: retries, ...rest } = schedule;
    new aws.scheduler.Schedule(
      name,
      {
        ...rest,
        region,
        flexibleTimeWindow: { mode: "OFF" },
        target: { arn: targetArn, roleArn: sender, input, eventbridgeParameters: { source, detailType }, retryPolicy: retries },
      },
      // After the rules, so that the first one is sent on.
      { parent, dependsOn: [...roles, ...sent] },
    );
  }
}
