import assert from "node:assert/strict";
import { ec2Event } from "../../../sandbox/cloud/cloud-trail";
import { sdkInput } from "../../../sandbox/cloud/ec2-input";
import { inputOfForm } from "../../../sandbox/cloud/query-form";

const NOW = Date.parse("2026-03-01T09:00:00Z");

/** What EventBridge gets of a call; `form` is the request's body. */
function detailOf(operation: string, form: string, { status = 200, answer = {} as unknown } = {}): Record<string, unknown> | undefined {
  const call = {
    account: "444444444444",
    region: "eu-west-1",
    service: "ec2",
    operation,
    principal: "arn:aws:iam::444444444444:role/repairs",
    sessionName: "tocsin-change1",
    accessKeyId: "ASIA0",
    headers: { "user-agent": "aws-sdk-js/3" },
    input: inputOfForm(new URLSearchParams(form)),
  };
  return ec2Event({ call, status, answer }, NOW, 1)?.detail as Record<string, unknown> | undefined;
}

describe("CloudTrail's event of a call to EC2", () => {
  it("says who called, as which session of which role", () => {
    const { userIdentity, ...detail } = detailOf("DeleteSecurityGroup", "GroupId=sg-1") ?? assert.fail();
    const identity = userIdentity as { arn: string; type: string; sessionContext: { sessionIssuer: { arn: string; userName: string } } };
    assert.equal(identity.type, "AssumedRole");
    assert.equal(identity.arn, "arn:aws:sts::444444444444:assumed-role/repairs/tocsin-change1");
    assert.equal(identity.sessionContext.sessionIssuer.arn, "arn:aws:iam::444444444444:role/repairs");
    assert.equal(identity.sessionContext.sessionIssuer.userName, "repairs");
    assert.deepEqual(
      [detail.eventName, detail.eventSource, detail.awsRegion, detail.recipientAccountId, detail.eventTime, detail.userAgent],
      ["DeleteSecurityGroup", "ec2.amazonaws.com", "eu-west-1", "444444444444", "2026-03-01T09:00:00Z", "aws-sdk-js/3"],
    );
    assert.equal("errorCode" in detail, false);
  });

  it("has nested lists under items, numbers as numbers, and the rules that EC2 answered", () => {
    const detail = detailOf(
      "AuthorizeSecurityGroupIngress",
      "GroupId=sg-1&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0",
      {
        answer: {
          requestId: "r",
          return: "true",
          securityGroupRuleSet: [
            { securityGroupRuleId: "sgr-1", groupId: "sg-1", isEgress: "false", fromPort: "22", toPort: "22", tagSet: "" },
          ],
        },
      },
    );
    assert.deepEqual(detail?.requestParameters, {
      groupId: "sg-1",
      ipPermissions: {
        items: [
          {
            groups: {},
            ipRanges: { items: [{ cidrIp: "0.0.0.0/0" }] },
            ipv6Ranges: {},
            prefixListIds: {},
            ipProtocol: "tcp",
            fromPort: 22,
            toPort: 22,
          },
        ],
      },
    });
    assert.deepEqual(detail?.responseElements, {
      requestId: "r",
      _return: true,
      securityGroupRuleSet: { items: [{ securityGroupRuleId: "sgr-1", groupId: "sg-1", isEgress: false, fromPort: 22, toPort: 22 }] },
    });
  });

  it("names rules that are revoked by id", () => {
    const detail = detailOf("RevokeSecurityGroupIngress", "GroupId=sg-1&SecurityGroupRuleId.1=sgr-1&SecurityGroupRuleId.2=sgr-2");
    assert.deepEqual(detail?.requestParameters, {
      groupId: "sg-1",
      ipPermissions: {},
      securityGroupRuleIds: { items: [{ securityGroupRuleId: "sgr-1" }, { securityGroupRuleId: "sgr-2" }] },
    });
  });

  it("has the odd form for ModifySecurityGroupRules: one rule as itself, several as a list", () => {
    const rule = (index: number, cidr: string) =>
      `SecurityGroupRule.${index}.SecurityGroupRuleId=sgr-${index}&SecurityGroupRule.${index}.SecurityGroupRule.FromPort=22&SecurityGroupRule.${index}.SecurityGroupRule.CidrIpv4=${cidr}`;
    const update = (index: number, CidrIpv4: string) => ({
      SecurityGroupRuleId: `sgr-${index}`,
      SecurityGroupRule: { FromPort: 22, CidrIpv4 },
    });
    const one = detailOf("ModifySecurityGroupRules", `GroupId=sg-1&${rule(1, "10.0.0.0/8")}`, {
      answer: { requestId: "r", return: "true" },
    });
    assert.deepEqual(one?.requestParameters, {
      ModifySecurityGroupRulesRequest: { GroupId: "sg-1", SecurityGroupRule: update(1, "10.0.0.0/8") },
    });
    assert.deepEqual(one?.responseElements, {
      ModifySecurityGroupRulesResponse: { xmlns: "http://ec2.amazonaws.com/doc/2016-11-15/", requestId: "r", return: true },
    });
    const two = detailOf("ModifySecurityGroupRules", `GroupId=sg-1&${rule(1, "10.0.0.0/8")}&${rule(2, "10.1.0.0/16")}`);
    assert.deepEqual(two?.requestParameters, {
      ModifySecurityGroupRulesRequest: { GroupId: "sg-1", SecurityGroupRule: [update(1, "10.0.0.0/8"), update(2, "10.1.0.0/16")] },
    });
  });

  it("says with which error a call failed", () => {
    const answer = { Errors: { Error: { Code: "UnauthorizedOperation", Message: "no" } } };
    const detail = detailOf("DeleteSecurityGroup", "GroupId=sg-1", { status: 403, answer });
    assert.deepEqual([detail?.errorCode, detail?.errorMessage, detail?.responseElements], ["Client.UnauthorizedOperation", "no", null]);
  });

  it("does not exist of calls that only look, nor of other services", () => {
    assert.equal(detailOf("DescribeSecurityGroups", ""), undefined);
    assert.equal(detailOf("GetManagedPrefixListEntries", "PrefixListId=pl-1"), undefined);
  });
});

describe("the input of a call to EC2", () => {
  it("is shown as the SDK takes it", () => {
    const form = "GroupId=sg-1&SecurityGroupRuleId.1=sgr-1&IpPermissions.1.FromPort=22&IpPermissions.1.Groups.1.GroupId=sg-2&DryRun=false";
    assert.deepEqual(sdkInput("RevokeSecurityGroupIngress", inputOfForm(new URLSearchParams(form))), {
      GroupId: "sg-1",
      IpPermissions: [{ FromPort: 22, UserIdGroupPairs: [{ GroupId: "sg-2" }] }],
      SecurityGroupRuleIds: ["sgr-1"],
      DryRun: false,
    });
  });
});
