import type { Fact } from "../../finding";
import { LONGEST, line, MOST } from "../../normalize/bounds";
import type { Actor } from "../../security-groups/change";
import type { Step } from "../../security-groups/put-back";
import { rulesInWords } from "../../security-groups/words";
import type { ChangeRecord, Protects } from "../record";

/** Longest sentence about a change that a title has room for, in characters. */
export const SHOWN = 110;

/** Names of each kind that are shown; the rest is counted. */
const NAMED = 5;

const named = (one: string, many: string, names: readonly string[]): string[] => {
  if (names.length === 0) {
    return [];
  }
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return [`${names.length} ${names.length === 1 ? one : many} (${names.slice(0, NAMED).join(", ")}${more})`];
};

/** What is behind the group: `2 instances (web-1, web-2), 1 load balancer (shop)`. */
export function protectsInWords(protects: Protects | undefined): string {
  if (protects === undefined) {
    return "could not be read";
  }
  const parts = [
    ...named("instance", "instances", protects.instances),
    ...named("load balancer", "load balancers", protects.loadBalancers),
    ...named("database", "databases", protects.databases),
    ...named("other network interface", "other network interfaces", protects.others),
  ];
  return parts.length === 0 ? "nothing uses the group at this moment" : parts.join(", ");
}

/** How roles of single sign-on are called: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html */
const PERMISSION_SET = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/;

/** The role of a session by its name; of single sign-on, the permission set. */
function roleName(arn: string): string {
  const name = arn.split("/").at(-1) ?? arn;
  const [, permissionSet] = PERMISSION_SET.exec(name) ?? [];
  return permissionSet === undefined ? `role ${name}` : `permission set ${permissionSet}`;
}

function who({ arn, name, roleArn, type, mfa, sourceAddress, userAgent, via }: Actor): Fact[] {
  const person = type === "Root" ? "the account's root user" : name;
  const role = roleArn === undefined ? "" : roleName(roleArn);
  // Where CloudTrail does not say, neither do we.
  const factor = mfa === undefined ? "" : mfa ? "with a second factor" : "without a second factor";
  const parts = [person, role, factor];
  return [
    { label: "Who", value: parts.filter((part) => part !== "").join(", ") },
    {
      label: "From",
      value: [sourceAddress, userAgent === "" || userAgent === sourceAddress ? "" : `with ${userAgent}`].filter(Boolean).join(" "),
    },
    { label: "Through", value: via ?? "" },
    { label: "Principal", value: arn === name ? "" : arn },
  ];
}

const stepInWords = (step: Step): string => {
  switch (step.kind) {
    case "revoke":
      return `revoked ${step.rule.id} (${rulesInWords([step.rule])})`;
    case "authorize":
      return `added ${rulesInWords([step.rule])}`;
    case "modify":
      return `changed ${step.id} back to ${rulesInWords([step.to])}`;
  }
};

/** Labelled lines about a change beyond its title, those that people decide by first. */
export function factsOf(change: ChangeRecord): Fact[] {
  const { actor, judged, offending, modified, before = [], protects, vpcId, steps } = change;
  const opens = rulesInWords(offending);
  const facts: Fact[] = [
    { label: "Opens", value: judged.includes(opens) && judged.length <= SHOWN ? "" : opens },
    { label: "Before", value: modified ? rulesInWords(before) : "" },
    { label: "Protects", value: protectsInWords(protects) },
    ...(actor === undefined ? [{ label: "Who", value: "not known: no event told of it" }] : who(actor)),
    { label: "VPC", value: vpcId ?? "" },
    { label: "Done", value: steps.map(stepInWords).join("; ") },
  ];
  return facts
    .map(({ label, value }) => ({ label, value: line(value, LONGEST.fact) }))
    .filter(({ value }) => value !== "")
    .slice(0, MOST.facts);
}
