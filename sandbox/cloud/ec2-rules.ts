import { type Place, type ServiceAnswer, type ServiceCall, ServiceError, type ServiceHandler } from "../types";
import { type AskEc2, list, text, type Values, values } from "./ec2-emulator";
import { page } from "./ec2-pages";
import { type GroupRule, modified, type RuleBody, ruleInWords, rulesOfRequest, trafficOf } from "./ec2-rule";
import { filtersOf, matches, permissionsOf, shown, tagsOfRequest } from "./ec2-rule-answers";
import { digest } from "./provision-types";

/** Rules of a group in one direction: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups */
const MOST_RULES = 60;

interface Group {
  readonly groupId: string;
  readonly name: string;
  readonly owner: string;
  readonly rules: GroupRule[];
}

/**
 * The rules of security groups. The emulator has groups; its rules answer one permission of several, are not modified but for IPv4 ranges, and keep half of a request
 * that it refuses.
 */
export class SecurityGroupRules {
  readonly #rules = new Map<string, GroupRule[]>();
  /** What changes rules happens one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;

  constructor(private readonly ask: AskEc2) {}

  /** Answers the calls about rules, and groups with their rules. */
  readonly handler: ServiceHandler = (call) => {
    const operation = this.#operations[call.operation];
    if (operation === undefined) return Promise.resolve(undefined);
    const answered = this.#last.then(async (): Promise<ServiceAnswer> => {
      if (call.input.DryRun === "true")
        throw new ServiceError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
      return { body: await operation(call) };
    });
    this.#last = answered.catch(() => undefined);
    return answered;
  };

  /** Tags of a rule. */
  tagsOf({ account, region }: Place, ruleId: string): Readonly<Record<string, string>> {
    const all = [...this.#rules].filter(([key]) => key.startsWith(`${account} ${region} `)).flatMap(([, rules]) => rules);
    return all.find(({ id }) => id === ruleId)?.tags ?? {};
  }

  readonly #operations: Readonly<Record<string, (call: ServiceCall) => Promise<Values>>> = {
    AuthorizeSecurityGroupIngress: (call) => this.#authorize(call, false),
    AuthorizeSecurityGroupEgress: (call) => this.#authorize(call, true),
    RevokeSecurityGroupIngress: (call) => this.#revoke(call, false),
    RevokeSecurityGroupEgress: (call) => this.#revoke(call, true),
    ModifySecurityGroupRules: (call) => this.#modify(call),
    UpdateSecurityGroupRuleDescriptionsIngress: (call) => this.#describeAnew(call, false),
    UpdateSecurityGroupRuleDescriptionsEgress: (call) => this.#describeAnew(call, true),
    DescribeSecurityGroupRules: (call) => this.#describeRules(call),
    DescribeSecurityGroups: (call) => this.#describeGroups(call),
  };

  async #authorize(call: ServiceCall, isEgress: boolean): Promise<Values> {
    const group = await this.#group(call);
    const tags = tagsOfRequest(call.input);
    const added = rulesOfRequest(call.input, call.account).map((rule): GroupRule => ({ ...rule, id: this.#newId(), isEgress, tags }));
    if (added.length === 0)
      throw new ServiceError("MissingParameter", "Either 'cidrIp' or 'sourceGroup' or 'prefixListId' must be specified.");
    const known = group.rules.filter((rule) => rule.isEgress === isEgress);
    const seen = new Set(known.map(trafficOf));
    for (const rule of added) {
      if (seen.has(trafficOf(rule)))
        throw new ServiceError("InvalidPermission.Duplicate", `the specified rule "${ruleInWords(rule)}" already exists`);
      seen.add(trafficOf(rule));
    }
    if (seen.size > MOST_RULES)
      throw new ServiceError("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.");
    group.rules.push(...added);
    return { return: true, securityGroupRuleSet: added.map((rule) => shown(call, group, rule)) };
  }

  async #revoke(call: ServiceCall, isEgress: boolean): Promise<Values> {
    const group = await this.#group(call);
    const known = group.rules.filter((rule) => rule.isEgress === isEgress);
    const ids = list(call.input.SecurityGroupRuleId).map(text);
    const gone =
      ids.length > 0 ? ids.map((id) => found(known, id)) : rulesOfRequest(call.input, call.account).map((wanted) => same(known, wanted));
    group.rules.splice(0, group.rules.length, ...group.rules.filter((rule) => !gone.includes(rule)));
    const revoked = gone.map((rule) => {
      const { securityGroupRuleArn: _, tagSet: __, groupOwnerId: ___, referencedGroupInfo, ...said } = shown(call, group, rule);
      return { ...said, ...(referencedGroupInfo !== undefined && { referencedGroupId: values(referencedGroupInfo).groupId }) };
    });
    return { return: true, revokedSecurityGroupRuleSet: revoked };
  }

  async #modify(call: ServiceCall): Promise<Values> {
    const group = await this.#group(call);
    const changed = new Map<string, GroupRule>();
    for (const update of list(call.input.SecurityGroupRule).map(values)) {
      const rule = found(group.rules, text(update.SecurityGroupRuleId));
      changed.set(rule.id, modified(rule, values(update.SecurityGroupRule), call.account));
    }
    const after = group.rules.map((rule) => changed.get(rule.id) ?? rule);
    for (const rule of changed.values())
      if (after.some((other) => other.id !== rule.id && other.isEgress === rule.isEgress && trafficOf(other) === trafficOf(rule)))
        throw new ServiceError("InvalidPermission.Duplicate", `the specified rule "${ruleInWords(rule)}" already exists`);
    group.rules.splice(0, group.rules.length, ...after);
    return { return: true };
  }

  async #describeAnew(call: ServiceCall, isEgress: boolean): Promise<Values> {
    const group = await this.#group(call);
    const known = group.rules.filter((rule) => rule.isEgress === isEgress);
    const byId = list(call.input.SecurityGroupRuleDescription).map(values);
    const described: [GroupRule, string | undefined][] =
      byId.length > 0
        ? byId.map(({ SecurityGroupRuleId, Description }) => [found(known, text(SecurityGroupRuleId)), text(Description) || undefined])
        : rulesOfRequest(call.input, call.account).map((wanted) => [same(known, wanted), wanted.description]);
    for (const [{ description: _, ...rule }, description] of described) {
      const index = group.rules.findIndex(({ id }) => id === rule.id);
      group.rules[index] = { ...rule, ...(description !== undefined && { description }) };
    }
    return { return: true };
  }

  async #describeRules(call: ServiceCall): Promise<Values> {
    const { input } = call;
    const ids = list(input.SecurityGroupRuleId).map(text);
    const filters = filtersOf(input);
    const groups = await this.#groups(call, filters["group-id"]);
    const all = groups.flatMap((group) => group.rules.map((rule) => ({ group, rule })));
    for (const id of ids)
      found(
        all.map(({ rule }) => rule),
        id,
      );
    const matching = all.filter(
      ({ group, rule }) =>
        (ids.length === 0 || ids.includes(rule.id)) &&
        Object.entries(filters).every(([name, wanted]) => matches(name, wanted, group, rule)),
    );
    return page(
      input,
      "securityGroupRuleSet",
      matching.map(({ group, rule }) => shown(call, group, rule)),
    );
  }

  async #describeGroups(call: ServiceCall): Promise<Values> {
    const { MaxResults: _, NextToken: __, ...input } = call.input;
    const unknown = Object.keys(filtersOf(input)).find((name) => /^(?:egress\.)?ip-permission\./.test(name));
    if (unknown !== undefined) throw new ServiceError("NotImplementedException", `the sandbox cannot filter security groups by ${unknown}`);
    const { securityGroupInfo } = await this.ask(call, "DescribeSecurityGroups", input);
    const groups = list(securityGroupInfo).map(values);
    const shownGroups: Values[] = [];
    for (const group of groups) {
      const { rules } = await this.#load(call, group);
      const permissions = (isEgress: boolean) => permissionsOf(rules.filter((rule) => rule.isEgress === isEgress));
      shownGroups.push({ ...group, ipPermissions: permissions(false), ipPermissionsEgress: permissions(true) });
    }
    return page(call.input, "securityGroupInfo", shownGroups);
  }

  /** The group that a request names. */
  async #group(call: ServiceCall): Promise<Group> {
    const [id, name] = [text(call.input.GroupId), text(call.input.GroupName)];
    if (id === "" && name === "") throw new ServiceError("MissingParameter", "The request must contain the parameter groupName or groupId");
    const wanted = id === "" ? { Filter: [{ Name: "group-name", Value: [name] }] } : { Filter: [{ Name: "group-id", Value: [id] }] };
    const { securityGroupInfo } = await this.ask(call, "DescribeSecurityGroups", wanted);
    const [group] = list(securityGroupInfo).map(values);
    if (group === undefined) throw new ServiceError("InvalidGroup.NotFound", `The security group '${id || name}' does not exist`);
    return this.#load(call, group);
  }

  async #groups(place: Place, ids: readonly string[] | undefined): Promise<Group[]> {
    const wanted = ids === undefined ? {} : { Filter: [{ Name: "group-id", Value: ids }] };
    const { securityGroupInfo } = await this.ask(place, "DescribeSecurityGroups", wanted);
    const groups: Group[] = [];
    for (const group of list(securityGroupInfo).map(values)) groups.push(await this.#load(place, group));
    return groups;
  }

  /** A group of the emulator with its rules. Those that it has from the start are the emulator's; in AWS the default group also lets in its own members. */
  async #load(place: Place, { groupId, groupName, ownerId }: Values): Promise<Group> {
    const key = `${place.account} ${place.region} ${text(groupId)}`;
    const group = { groupId: text(groupId), name: text(groupName), owner: text(ownerId) || place.account };
    const known = this.#rules.get(key);
    if (known !== undefined) return { ...group, rules: known };
    const { securityGroupRuleSet } = await this.ask(place, "DescribeSecurityGroupRules", {
      Filter: [{ Name: "group-id", Value: [group.groupId] }],
    });
    const rules = list(securityGroupRuleSet)
      .map(values)
      .map(
        ({ securityGroupRuleId, isEgress }): GroupRule => ({
          ...EVERYTHING,
          peer: { cidrIpv4: "0.0.0.0/0" },
          id: text(securityGroupRuleId),
          isEgress: isEgress === "true",
          tags: {},
        }),
      );
    if (group.name === "default")
      rules.push({
        ...EVERYTHING,
        peer: { referencedGroupInfo: { groupId: group.groupId, userId: group.owner } },
        id: this.#newId(),
        isEgress: false,
        tags: {},
      });
    this.#rules.set(key, rules);
    return { ...group, rules };
  }

  #newId(): string {
    this.#count += 1;
    return `sgr-0${digest(`rule ${this.#count}`).slice(0, 16)}`;
  }
}

const EVERYTHING = { ipProtocol: "-1", fromPort: -1, toPort: -1 } as const;

function found(rules: readonly GroupRule[], id: string): GroupRule {
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined)
    throw new ServiceError("InvalidSecurityGroupRuleId.NotFound", `The security group rule ID '${id}' does not exist`);
  return rule;
}

function same(rules: readonly GroupRule[], wanted: RuleBody): GroupRule {
  const rule = rules.find((one) => trafficOf(one) === trafficOf(wanted));
  if (rule === undefined) throw new ServiceError("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
  return rule;
}
