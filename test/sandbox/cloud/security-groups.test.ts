import assert from "node:assert/strict";
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupRulesCommand,
  EC2Client,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { startCloud } from "../../../sandbox/cloud";
import type { Cloud, ObservedCall } from "../../../sandbox/types";

const HOME = { account: "222222222222", region: "eu-west-1" };
const WEB = { account: "444444444444", region: "eu-west-1" };
const CALLER = `arn:aws:iam::${HOME.account}:role/acts`;
const REPAIRS = `arn:aws:iam::${WEB.account}:role/repairs`;

interface Rule {
  readonly SecurityGroupRuleId: string;
  readonly CidrIpv4?: string;
  readonly CidrIpv6?: string;
  readonly PrefixListId?: string;
  readonly ReferencedGroupInfo?: { readonly GroupId: string };
  readonly IsEgress: boolean;
  readonly FromPort: number;
  readonly ToPort: number;
  readonly Description?: string;
}

describe("security groups of the emulated cloud", function () {
  this.timeout(60_000);
  let now = Date.parse("2026-03-01T09:00:00Z");
  let cloud: Cloud;
  let count = 0;
  const observed: ObservedCall[] = [];

  const ec2 = async (operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> =>
    (await cloud.call(WEB, "ec2", operation, input)) as Record<string, unknown>;
  const group = async (tags: Record<string, string> = {}): Promise<string> => {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const made = await ec2("CreateSecurityGroup", {
      GroupName: `group-${++count}`,
      Description: "of a test",
      ...(Tags.length > 0 && { TagSpecifications: [{ ResourceType: "security-group", Tags }] }),
    });
    return String(made.GroupId);
  };
  const tcp = (port: number, peer: Record<string, unknown>) => ({ IpProtocol: "tcp", FromPort: port, ToPort: port, ...peer });
  const world = (port: number) => tcp(port, { IpRanges: [{ CidrIp: "0.0.0.0/0" }] });
  const open = async (GroupId: string, ...IpPermissions: object[]): Promise<Rule[]> =>
    (await ec2("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions })).SecurityGroupRules as Rule[];
  const rulesOf = async (id: string): Promise<Rule[]> =>
    (await ec2("DescribeSecurityGroupRules", { Filters: [{ Name: "group-id", Values: [id] }] })).SecurityGroupRules as Rule[];
  const ingress = async (id: string): Promise<Rule[]> => (await rulesOf(id)).filter(({ IsEgress }) => !IsEgress);
  const modify = (GroupId: string, SecurityGroupRuleId: string, SecurityGroupRule: object) =>
    ec2("ModifySecurityGroupRules", { GroupId, SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule }] });

  before(async () => {
    cloud = await startCloud({ now: () => now });
    cloud.observe((call) => observed.push(call));
    const role = async (arn: string, assumeRolePolicy: object, Statement: object[]) => {
      const [, , , , account = "", path = ""] = arn.split(":");
      const name = path.replace("role/", "");
      const provider = { account, region: "eu-west-1" };
      const create = (type: string, inputs: Record<string, unknown>) =>
        cloud.provisioner.create({ urn: `urn:pulumi:s::p::${type}::${name}`, type, name, inputs, provider });
      await create("aws:iam/role:Role", { name, assumeRolePolicy: JSON.stringify(assumeRolePolicy) });
      await create("aws:iam/rolePolicy:RolePolicy", {
        name: "permissions",
        role: name,
        policy: JSON.stringify({ Version: "2012-10-17", Statement }),
      });
    };
    await role(CALLER, { Version: "2012-10-17", Statement: [] }, [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: REPAIRS }]);
    await role(`arn:aws:iam::${HOME.account}:role/other`, { Version: "2012-10-17", Statement: [] }, [
      { Effect: "Allow", Action: "sts:AssumeRole", Resource: REPAIRS },
    ]);
    const trust = {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${HOME.account}:root` },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "sts:ExternalId": "o-1", "aws:PrincipalOrgID": "o-tocsin0000" },
        ArnEquals: { "aws:PrincipalArn": CALLER },
      },
    };
    const Condition = { Null: { "aws:ResourceTag/keep": "true" } };
    await role(REPAIRS, { Version: "2012-10-17", Statement: [trust] }, [
      { Effect: "Allow", Action: "ec2:DescribeSecurityGroupRules", Resource: "*" },
      {
        Effect: "Allow",
        Action: ["ec2:RevokeSecurityGroupIngress", "ec2:ModifySecurityGroupRules"],
        Resource: ["security-group", "security-group-rule"].map((type) => `arn:aws:ec2:*:${WEB.account}:${type}/*`),
        Condition,
      },
    ]);
  });
  after(() => cloud.close());

  describe("rules", () => {
    it("are all answered with their ids when they are added, by whatever peer", async () => {
      const id = await group();
      const list = (await ec2("CreateManagedPrefixList", { PrefixListName: "office", MaxEntries: 5, AddressFamily: "IPv4" })) as {
        PrefixList: { PrefixListId: string };
      };
      const added = await open(
        id,
        tcp(22, { IpRanges: [{ CidrIp: "198.51.100.7/24", Description: "office" }], Ipv6Ranges: [{ CidrIpv6: "::/0" }] }),
        { IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: id }] },
        tcp(5432, { PrefixListIds: [{ PrefixListId: list.PrefixList.PrefixListId }] }),
      );
      assert.deepEqual(
        added.map((rule) => [
          rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId,
          rule.FromPort,
          rule.Description,
        ]),
        [
          ["198.51.100.0/24", 22, "office"],
          ["::/0", 22, undefined],
          [id, -1, undefined],
          [list.PrefixList.PrefixListId, 5432, undefined],
        ],
      );
      assert.deepEqual(await ingress(id), added);
    });

    it("are refused when one of a request is there already, and none of it is added", async () => {
      const id = await group();
      await open(id, world(22));
      await assert.rejects(open(id, world(443), world(22)), { name: "InvalidPermission.Duplicate" });
      assert.equal((await ingress(id)).length, 1);
    });

    it("are revoked by id, all or none", async () => {
      const id = await group();
      const [first, second] = await open(id, world(22), world(23));
      const revoke = (...SecurityGroupRuleIds: unknown[]) => ec2("RevokeSecurityGroupIngress", { GroupId: id, SecurityGroupRuleIds });
      await assert.rejects(revoke(first?.SecurityGroupRuleId, "sgr-00000000000000000"), { name: "InvalidSecurityGroupRuleId.NotFound" });
      const answer = await revoke(first?.SecurityGroupRuleId);
      assert.deepEqual((answer.RevokedSecurityGroupRules as Rule[])[0]?.CidrIpv4, "0.0.0.0/0");
      assert.deepEqual(await ingress(id), [second]);
    });

    it("are modified under the same id, IPv6 ranges too, but not to another kind of peer nor to a rule that is there", async () => {
      const id = await group();
      const [four, six] = await open(id, tcp(22, { IpRanges: [{ CidrIp: "10.0.0.0/8" }], Ipv6Ranges: [{ CidrIpv6: "2001:db8::/32" }] }));
      const request = { IpProtocol: "tcp", FromPort: 22, ToPort: 22 };
      await modify(id, six?.SecurityGroupRuleId ?? "", { ...request, CidrIpv6: "::/0", Description: "all" });
      assert.deepEqual((await ingress(id))[1], { ...six, CidrIpv6: "::/0", Description: "all" });
      await assert.rejects(modify(id, six?.SecurityGroupRuleId ?? "", { ...request, CidrIpv4: "0.0.0.0/0" }), {
        name: "InvalidParameterValue",
      });
      const [other] = await open(id, world(22));
      await assert.rejects(modify(id, other?.SecurityGroupRuleId ?? "", { ...request, CidrIpv4: "10.0.0.0/8" }), {
        name: "InvalidPermission.Duplicate",
      });
      assert.equal(
        (await ingress(id)).find(({ SecurityGroupRuleId }) => SecurityGroupRuleId === four?.SecurityGroupRuleId)?.CidrIpv4,
        "10.0.0.0/8",
      );
    });

    it("come page by page, and show in the group as well", async () => {
      const id = await group();
      await open(id, ...Array.from({ length: 12 }, (_, index) => world(8000 + index)));
      const ids: string[] = [];
      let NextToken: unknown;
      let pages = 0;
      do {
        const page = await ec2("DescribeSecurityGroupRules", { Filters: [{ Name: "group-id", Values: [id] }], MaxResults: 5, NextToken });
        ids.push(...(page.SecurityGroupRules as Rule[]).map(({ SecurityGroupRuleId }) => SecurityGroupRuleId));
        NextToken = page.NextToken;
        pages += 1;
      } while (NextToken !== undefined);
      assert.deepEqual([pages, new Set(ids).size], [3, 13]);
      const { SecurityGroups } = await ec2("DescribeSecurityGroups", { GroupIds: [id] });
      const [{ IpPermissions = [], IpPermissionsEgress = [] } = {}] = SecurityGroups as { IpPermissions: []; IpPermissionsEgress: [] }[];
      assert.deepEqual([IpPermissions.length, IpPermissionsEgress.length], [12, 1]);
    });

    it("are gone with their group", async () => {
      const id = await group();
      await ec2("DeleteSecurityGroup", { GroupId: id });
      await assert.rejects(open(id, world(22)), { name: "InvalidGroup.NotFound" });
      assert.deepEqual(await rulesOf(id), []);
    });
  });

  describe("as a role of another account", () => {
    const assume = async (caller: string, ExternalId: string) => {
      const sts = new STSClient({
        endpoint: cloud.endpoint,
        region: "eu-west-1",
        credentials: await cloud.credentialsFor(caller),
        maxAttempts: 1,
      });
      const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: REPAIRS, RoleSessionName: "tocsin-change1", ExternalId }));
      return new EC2Client({
        endpoint: cloud.endpoint,
        region: WEB.region,
        maxAttempts: 1,
        credentials: {
          accessKeyId: Credentials?.AccessKeyId ?? "",
          secretAccessKey: Credentials?.SecretAccessKey ?? "",
          sessionToken: Credentials?.SessionToken ?? "",
        },
      });
    };

    it("is refused without the external id, and to another role of the trusted account", async () => {
      await assert.rejects(assume(CALLER, "o-2"), { name: "AccessDenied" });
      await assert.rejects(assume(`arn:aws:iam::${HOME.account}:role/other`, "o-1"), { name: "AccessDenied" });
    });

    it("does what its policies say, and nothing to what is tagged otherwise", async () => {
      const [free, kept] = [await group(), await group({ keep: "yes" })];
      const client = await assume(CALLER, "o-1");
      for (const [id, allowed] of [
        [free, true],
        [kept, false],
      ] as const) {
        const [rule] = await open(id, world(22));
        const input = { GroupId: id, SecurityGroupRuleIds: [rule?.SecurityGroupRuleId ?? ""] };
        const revoked = client.send(new RevokeSecurityGroupIngressCommand(input));
        await (allowed ? revoked : assert.rejects(revoked, { name: "UnauthorizedOperation" }));
        assert.equal((await ingress(id)).length, allowed ? 0 : 1);
      }
      const authorized = client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: free, IpPermissions: [world(22)] }));
      await assert.rejects(authorized, { name: "UnauthorizedOperation" });
    });

    it("needs the permission for the rule that is modified, too", async () => {
      const id = await group();
      const [rule] = await open(id, world(22));
      const client = await assume(CALLER, "o-1");
      const SecurityGroupRule = { IpProtocol: "tcp", FromPort: 22, ToPort: 22, CidrIpv4: "10.0.0.0/8" };
      const SecurityGroupRules = [{ SecurityGroupRuleId: rule?.SecurityGroupRuleId ?? "", SecurityGroupRule }];
      await client.send(new ModifySecurityGroupRulesCommand({ GroupId: id, SecurityGroupRules }));
      assert.equal((await ingress(id))[0]?.CidrIpv4, "10.0.0.0/8");
      const { call } = observed.at(-1) ?? assert.fail();
      assert.deepEqual([call.principal, call.sessionName, call.account], [REPAIRS, "tocsin-change1", WEB.account]);
    });

    it("is over after an hour", async () => {
      const client = await assume(CALLER, "o-1");
      now += 3_600_000;
      await assert.rejects(client.send(new DescribeSecurityGroupRulesCommand({})), { name: "RequestExpired" });
    });
  });
});
