import { exemptGroup } from "../guard/exempt";
import type { Ec2 } from "../guard/member";
import type { GuardSettings } from "../guard/settings";
import type { ByGroup, Offence } from "./offences";
import { type GroupFacts, readVpcTags } from "./read-place";
import { answered } from "./unswept";

/** Leaves out the groups that a tag exempts, on them or their VPC, and those that were deleted at this moment. */
export async function withoutExempt(
  settings: Pick<GuardSettings, "exemptTag">,
  ec2: Ec2,
  groups: ReadonlyMap<string, GroupFacts>,
  found: ByGroup<Offence>,
): Promise<ByGroup<Offence>> {
  const isExempt = ({ tags }: GroupFacts, vpcTags: readonly string[]): boolean => exemptGroup(settings, { tags, vpcTags }).exempt === true;
  const left = [...found].flatMap(([groupId, offences]) => {
    const facts = groups.get(groupId);
    return facts === undefined || isExempt(facts, []) ? [] : [{ groupId, offences, facts }];
  });
  const asksVpcs = settings.exemptTag !== undefined && left.length > 0;
  const vpcs = asksVpcs ? await answered(() => readVpcTags(ec2)) : new Map<string, readonly string[]>();
  const guarded = left.filter(({ facts }) => !isExempt(facts, vpcs.get(facts.vpcId ?? "") ?? []));
  return new Map(guarded.map(({ groupId, offences }) => [groupId, offences]));
}
