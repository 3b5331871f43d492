import assert from "node:assert/strict";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { membersBy } from "../../../functions/guard/member";
import { ec2Error } from "../../support/ec2";
import { START } from "../../support/guard";

describe("reaching members", () => {
  let now = START;
  let asked: AssumeRoleCommand["input"][] = [];
  let refuses = false;
  const sts = {
    send: async (command: object) => {
      assert.ok(command instanceof AssumeRoleCommand);
      asked.push(command.input);
      if (refuses) throw ec2Error("AccessDenied", 403);
      const key = `key-${asked.length}`;
      return { Credentials: { AccessKeyId: key, SecretAccessKey: "secret", SessionToken: "token", Expiration: new Date(now + 3_600_000) } };
    },
  };
  const reach = () => membersBy({ sts: sts as never, externalId: "org", now: () => now });
  const keyOf = async (client: unknown) => (await (client as EC2Client).config.credentials()).accessKeyId;
  beforeEach(() => {
    now = START;
    asked = [];
    refuses = false;
  });

  it("assumes the guard's role there, in its partition, with the external id and what it is for", async () => {
    await reach()("444444444444", "cn-north-1", "abcdefghijkl");
    assert.deepEqual(asked, [
      { RoleArn: "arn:aws-cn:iam::444444444444:role/tocsin-security-groups", RoleSessionName: "tocsin-abcdefghijkl", ExternalId: "org" },
    ]);
  });

  it("assumes it once an account, also for those who ask at the same time and in several Regions, until five minutes before it expires", async () => {
    const members = reach();
    const [one, other] = await Promise.all([members("444444444444", "eu-west-1"), members("444444444444", "us-east-1")]);
    assert.deepEqual([await keyOf(one), await keyOf(other), asked.length], ["key-1", "key-1", 1]);
    now += 54 * 60_000;
    assert.equal(await keyOf(await members("444444444444", "eu-west-1")), "key-1");
    now += 2 * 60_000;
    assert.equal(await keyOf(await members("444444444444", "eu-west-1")), "key-2");
    await members("333333333333", "eu-west-1");
    assert.equal(asked.length, 3);
  });

  it("does not remember that it was refused", async () => {
    const members = reach();
    refuses = true;
    await assert.rejects(members("444444444444", "eu-west-1"), /AccessDenied/);
    refuses = false;
    assert.equal(await keyOf(await members("444444444444", "eu-west-1")), "key-2");
  });
});
