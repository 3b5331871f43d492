import { type Place, ServiceError } from "../types";
import { list, text, type Values, values } from "./ec2-emulator";
import type { GroupRule } from "./ec2-rule";

/** What a rule's answer says of its group. */
interface GroupName {
  readonly groupId: string;
  /** Account id. */
  readonly owner: string;
}

/** The filters of a request by name. */
export const filtersOf = (input: Values): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    list(input.Filter)
      .map(values)
      .map(({ Name, Value }) => [text(Name), list(Value).map(text)]),
  );

/** Whether a rule passes a filter. */
export function matches(name: string, wanted: readonly string[], { groupId }: GroupName, { id, tags }: GroupRule): boolean {
  if (name === "group-id") return wanted.includes(groupId);
  if (name === "security-group-rule-id") return wanted.includes(id);
  if (name === "tag-key") return Object.keys(tags).some((key) => wanted.includes(key));
  if (name.startsWith("tag:")) return wanted.includes(tags[name.slice(4)] ?? "");
  throw new ServiceError("InvalidParameterValue", `The filter '${name}' is invalid`);
}

/** Tags that a request gives to the rules that it adds. */
export const tagsOfRequest = (input: Values): Readonly<Record<string, string>> => {
  const specification = list(input.TagSpecification).map(values);
  const tags = specification
    .filter(({ ResourceType }) => ResourceType === "security-group-rule")
    .flatMap(({ Tag }) => list(Tag).map(values));
  return Object.fromEntries(tags.map(({ Key, Value }) => [text(Key), text(Value)]));
};

/** A rule as EC2 answers it. */
export function shown(
  { account, region }: Place,
  { groupId, owner }: GroupName,
  { id, isEgress, peer, tags, description, ...traffic }: GroupRule,
): Values {
  return {
    securityGroupRuleId: id,
    groupId,
    groupOwnerId: owner,
    isEgress,
    ...traffic,
    ...peer,
    ...(description !== undefined && { description }),
    tagSet: Object.entries(tags).map(([key, value]) => ({ key, value })),
    securityGroupRuleArn: `arn:aws:ec2:${region}:${account}:security-group-rule/${id}`,
  };
}

/** Rules as older calls answer them: those for the same traffic together. */
export function permissionsOf(rules: readonly GroupRule[]): Values[] {
  const byTraffic = Map.groupBy(rules, ({ ipProtocol, fromPort, toPort }) => `${ipProtocol} ${fromPort} ${toPort}`);
  return [...byTraffic.values()].map((same) => {
    const { ipProtocol = "", fromPort, toPort } = same[0] ?? {};
    const peers = (kind: string, form: (peer: Values) => Values) =>
      same
        .filter(({ peer }) => kind in peer)
        .map(({ peer, description }) => ({ ...form(peer as Values), ...(description !== undefined && { description }) }));
    return {
      ipProtocol,
      ...(ipProtocol !== "-1" && { fromPort, toPort }),
      groups: peers("referencedGroupInfo", ({ referencedGroupInfo }) => values(referencedGroupInfo)),
      ipRanges: peers("cidrIpv4", ({ cidrIpv4 }) => ({ cidrIp: cidrIpv4 })),
      ipv6Ranges: peers("cidrIpv6", ({ cidrIpv6 }) => ({ cidrIpv6 })),
      prefixListIds: peers("prefixListId", ({ prefixListId }) => ({ prefixListId })),
    };
  });
}
