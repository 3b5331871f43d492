import assert from "node:assert/strict";
import { Changes } from "../../../sandbox/replay/changes";
import type { ChangeLine } from "../../../sandbox/replay/log-lines";

const ROLE = "arn:aws:iam::444444444444:role/repairs";

describe("the changes of a replay", () => {
  let changes: Changes;
  beforeEach(() => {
    changes = new Changes((name) => name === "own");
  });
  const call = (service: string, operation: string, more: { status?: number; input?: object; trace?: string; principal?: string } = {}) =>
    changes.observed(Date.parse("2026-03-01T09:00:00Z"), {
      status: more.status ?? 200,
      answer: {},
      call: {
        account: "444444444444",
        region: "eu-west-1",
        service,
        operation,
        principal: more.principal ?? ROLE,
        input: { GroupId: "sg-1", ...more.input },
        headers: {},
        trace: more.trace ?? "Root=1;Parent=a",
      },
    });
  const said = (id: string, fields: Partial<ChangeLine> = {}, trace = "Root=1;Parent=a") =>
    changes.log(
      {
        kind: "change",
        id,
        accountId: "444444444444",
        region: "eu-west-1",
        service: "ec2",
        operation: "RevokeSecurityGroupIngress",
        undo: id,
        undoes: null,
        ...fields,
      },
      trace,
    );

  it("are what roles changed elsewhere, with what the function said of it", () => {
    call("ec2", "RevokeSecurityGroupIngress", { input: { SecurityGroupRuleId: ["sgr-1"] } });
    said("c1");
    assert.deepEqual(changes.entries, [
      {
        at: "2026-03-01T09:00:00.000Z",
        accountId: "444444444444",
        region: "eu-west-1",
        id: "c1",
        service: "ec2",
        operation: "RevokeSecurityGroupIngress",
        input: { GroupId: "sg-1", SecurityGroupRuleIds: ["sgr-1"] },
        by: ROLE,
        undo: "c1",
        undoes: null,
      },
    ]);
  });

  it("show when nothing was said of one, and so nothing could undo it", () => {
    call("iam", "AttachRolePolicy");
    assert.partialDeepStrictEqual(changes.entries, [{ operation: "AttachRolePolicy", id: null, undo: null }]);
  });

  it("are no look, no failure, nothing that tocsin consists of and nothing that was done by hand", () => {
    call("ec2", "DescribeSecurityGroups");
    call("ec2", "RevokeSecurityGroupIngress", { status: 403 });
    call("dynamodb", "PutItem");
    call("s3", "PutObject", { input: { Bucket: "own" } });
    call("ec2", "RunInstances", { principal: "arn:aws:iam::444444444444:root" });
    assert.deepEqual(changes.entries, []);
    call("s3", "PutBucketPolicy", { input: { Bucket: "theirs" } });
    assert.equal(changes.entries.length, 1);
  });

  it("belong to the invocation that speaks of them; what is said again after a crash belongs to an earlier one", () => {
    call("ec2", "RevokeSecurityGroupIngress", { trace: "Root=1;Parent=a" });
    call("ec2", "RevokeSecurityGroupIngress", { trace: "Root=1;Parent=b" });
    said("second", {}, "Root=1;Parent=b");
    said("first", {}, "Root=1;Parent=c");
    said("nothing more", {}, "Root=1;Parent=c");
    assert.deepEqual(
      changes.entries.map(({ id }) => id),
      ["first", "second"],
    );
  });

  it("can be undone once, the newest first", () => {
    for (const id of ["a", "b", "c"]) {
      call("ec2", "RevokeSecurityGroupIngress");
      said(id);
    }
    call("ec2", "AuthorizeSecurityGroupIngress");
    said("b-undo", { operation: "AuthorizeSecurityGroupIngress", undo: null, undoes: "b" });
    assert.deepEqual(changes.undoable, ["c", "a"]);
  });
});
