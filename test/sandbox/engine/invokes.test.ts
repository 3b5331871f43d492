import assert from "node:assert/strict";
import { answerInvoke } from "../../../sandbox/engine/invokes";
import { UNKNOWN } from "../../../sandbox/engine/properties";

const PLACE = { account: "222222222222", region: "eu-west-1" };

describe("Provider functions in a preview", () => {
  const ask = async (name: string, args = {}, place: typeof PLACE | undefined = PLACE): Promise<Record<string, unknown>> => ({
    ...(await answerInvoke(name, args, place, undefined)),
  });

  it("tell account, Region and partition of the provider", async () => {
    assert.equal((await ask("aws:index/getCallerIdentity:getCallerIdentity")).accountId, "222222222222");
    assert.equal((await ask("aws:index/getRegion:getRegion")).region, "eu-west-1");
    assert.equal((await ask("aws:index/getRegion:getRegion", { region: "us-east-1" })).region, "us-east-1");
    assert.equal((await ask("aws:index/getPartition:getPartition")).partition, "aws");
    const china = await ask("aws:index/getPartition:getPartition", {}, { account: "222222222222", region: "cn-north-1" });
    assert.deepEqual([china.partition, china.dnsSuffix, china.reverseDnsPrefix], ["aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"]);
  });

  it("name themselves when only AWS could answer", async () => {
    await assert.rejects(ask("aws:ec2/getVpc:getVpc"), /cannot call aws:ec2\/getVpc/);
    await assert.rejects(answerInvoke("aws:index/getRegion:getRegion", {}, undefined, undefined), /allowedAccountIds/);
  });

  it("are unknown where the program gets along without the answer", async () => {
    assert.equal(await answerInvoke("aws:organizations/getOrganization:getOrganization", {}, PLACE, undefined), UNKNOWN);
  });

  it("compute policy documents as the provider does", async () => {
    const { json, minifiedJson } = await ask("aws:iam/getPolicyDocument:getPolicyDocument", {
      statements: [
        {
          sid: "Read",
          actions: ["s3:GetObject", "s3:ListBucket"],
          resources: ["arn:aws:s3:::a"],
          principals: [{ type: "AWS", identifiers: ["111111111111"] }],
          conditions: [
            { test: "StringEquals", variable: "aws:PrincipalOrgID", values: ["o-1"] },
            { test: "StringEquals", variable: "aws:SourceAccount", values: ["1", "2"] },
          ],
        },
        { effect: "Deny", notActions: ["s3:*"], resources: ["*"], principals: [{ type: "*", identifiers: ["*"] }] },
      ],
    });
    const expected = {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Read",
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:ListBucket"],
          Resource: "arn:aws:s3:::a",
          Principal: { AWS: "111111111111" },
          Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1", "aws:SourceAccount": ["1", "2"] } },
        },
        { Effect: "Deny", NotAction: "s3:*", Resource: "*", Principal: "*" },
      ],
    };
    assert.deepEqual(JSON.parse(String(json)), expected);
    assert.equal(minifiedJson, JSON.stringify(expected));
  });

  it("merge policy documents: a statement of the same Sid takes the other's place", async () => {
    const document = (...statements: object[]) => JSON.stringify({ Statement: statements });
    const { json } = await ask("aws:iam/getPolicyDocument:getPolicyDocument", {
      sourcePolicyDocuments: [document({ Sid: "A", Effect: "Allow" }, { Effect: "Deny" })],
      statements: [{ sid: "B", actions: ["x:y"], resources: ["*"] }],
      overridePolicyDocuments: [document({ Sid: "A", Effect: "Deny" })],
    });
    const { Statement } = JSON.parse(String(json)) as { Statement: unknown };
    const own = { Sid: "B", Effect: "Allow", Action: "x:y", Resource: "*" };
    assert.deepEqual(Statement, [{ Sid: "A", Effect: "Deny" }, { Effect: "Deny" }, own]);
  });
});
