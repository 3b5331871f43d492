import {
  AuthorizeSecurityGroupIngressCommand,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRuleRequest,
} from "@aws-sdk/client-ec2";
import type { Step } from "../security-groups/put-back";
import { type Rule, sameTraffic } from "../security-groups/rule";
import { rulesInWords } from "../security-groups/words";
import type { Ec2 } from "./member";

/** One call of EC2 that changes a group. */
export interface Ec2Call {
  readonly operation: "RevokeSecurityGroupIngress" | "AuthorizeSecurityGroupIngress" | "ModifySecurityGroupRules";
  readonly input: object;
  readonly send: (ec2: Ec2) => Promise<unknown>;
}

/** The calls that make steps: one for those of a kind, so that EC2 makes all of them or none. */
export function callsFor(groupId: string, steps: readonly Step[]): readonly Ec2Call[] {
  const revoked = steps.flatMap((step) => (step.kind === "revoke" ? [step.rule.id] : []));
  const added = steps.flatMap((step) => (step.kind === "authorize" ? [step.rule] : []));
  const modified = steps.flatMap((step) => (step.kind === "modify" ? [step] : []));
  const calls: Ec2Call[] = [];
  if (revoked.length > 0) {
    const input = { GroupId: groupId, SecurityGroupRuleIds: revoked };
    calls.push({
      operation: "RevokeSecurityGroupIngress",
      input,
      send: (ec2) => ec2.send(new RevokeSecurityGroupIngressCommand(input)),
    });
  }
  if (added.length > 0) {
    const input = { GroupId: groupId, IpPermissions: added.map(permission) };
    calls.push({
      operation: "AuthorizeSecurityGroupIngress",
      input,
      send: (ec2) => ec2.send(new AuthorizeSecurityGroupIngressCommand(input)),
    });
  }
  if (modified.length > 0) {
    const input = {
      GroupId: groupId,
      SecurityGroupRules: modified.map(({ id, to }) => ({ SecurityGroupRuleId: id, SecurityGroupRule: request(to) })),
    };
    calls.push({ operation: "ModifySecurityGroupRules", input, send: (ec2) => ec2.send(new ModifySecurityGroupRulesCommand(input)) });
  }
  return calls;
}

/** Whether a group's rules show that a step was made. */
export function isMade(step: Step, rules: readonly Rule[]): boolean {
  switch (step.kind) {
    case "revoke":
      return !rules.some(({ id }) => id === step.rule.id);
    case "authorize":
      return rules.some((rule) => sameTraffic(rule, step.rule));
    case "modify":
      return rules.some((rule) => rule.id === step.id && sameTraffic(rule, step.to));
  }
}

/** Whether a group's rules show that a step is still to be made. A rule that somebody else changed meanwhile is neither made nor to be made. */
export const isPending = (step: Step, rules: readonly Rule[]): boolean =>
  step.kind === "modify" ? rules.some((rule) => rule.id === step.id && sameTraffic(rule, step.from)) : !isMade(step, rules);

/** What steps did, in a sentence's words: `revoked TCP 22 (SSH) to 0.0.0.0/0`. */
export function stepsInWords(steps: readonly Step[]): string {
  const revoked = steps.flatMap((step) => (step.kind === "revoke" ? [step.rule] : []));
  const added = steps.flatMap((step) => (step.kind === "authorize" ? [step.rule] : []));
  const modified = steps.flatMap((step) => (step.kind === "modify" ? [step] : []));
  return [
    ...(revoked.length > 0 ? [`revoked ${rulesInWords(revoked)}`] : []),
    ...(added.length > 0 ? [`opened ${rulesInWords(added)} again`] : []),
    ...modified.map(({ id, from, to }) => `changed ${id} from ${rulesInWords([from])} back to ${rulesInWords([to])}`),
  ].join("; ");
}

function permission({ protocol, fromPort, toPort, peer, description }: Rule): IpPermission {
  const said = description === undefined ? {} : { Description: description };
  return {
    IpProtocol: protocol,
    ...(fromPort !== undefined && { FromPort: fromPort }),
    ...(toPort !== undefined && { ToPort: toPort }),
    ...(peer.kind === "group" && { UserIdGroupPairs: [{ GroupId: peer.id, ...said }] }),
    ...(peer.kind === "prefix-list" && { PrefixListIds: [{ PrefixListId: peer.id, ...said }] }),
    ...(peer.kind === "range" &&
      (peer.range.includes(":") ? { Ipv6Ranges: [{ CidrIpv6: peer.range, ...said }] } : { IpRanges: [{ CidrIp: peer.range, ...said }] })),
  };
}

function request({ protocol, fromPort, toPort, peer, description }: Rule): SecurityGroupRuleRequest {
  return {
    IpProtocol: protocol,
    FromPort: fromPort ?? -1,
    ToPort: toPort ?? -1,
    ...(peer.kind === "group" && { ReferencedGroupId: peer.id }),
    ...(peer.kind === "prefix-list" && { PrefixListId: peer.id }),
    ...(peer.kind === "range" && (peer.range.includes(":") ? { CidrIpv6: peer.range } : { CidrIpv4: peer.range })),
    ...(description !== undefined && { Description: description }),
  };
}
