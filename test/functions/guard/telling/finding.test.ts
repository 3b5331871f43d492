import assert from "node:assert/strict";
import fc from "fast-check";
import type { ChangeRecord, ChangeStatus } from "../../../../functions/guard/record";
import { actionsOf } from "../../../../functions/guard/telling/actions";
import { findingOf } from "../../../../functions/guard/telling/finding";
import { messageOf } from "../../../../functions/guard/telling/message";
import { LONGEST, MOST } from "../../../../functions/normalize/bounds";
import { renderFirst, renderSlack } from "../../../../functions/slack/render";
import { aChange, alice, aPutBack, sshForTheWorld } from "../../../support/changes";
import { anAccount, anAlert } from "../../../support/findings";
import { hostileText } from "../../../support/hostile";
import { faultsOf } from "../../../support/slack";
import { POLICY } from "./bench";

const NOW = Date.parse("2026-03-01T09:00:20.000Z");
const facts = (change: ChangeRecord) => Object.fromEntries(findingOf(change, POLICY, NOW).facts.map(({ label, value }) => [label, value]));

describe("what people are told of a change of a security group", () => {
  it("says who did what where, in a line", () => {
    assert.equal(findingOf(aChange(), POLICY, NOW).title, "alice@example.com opens TCP 22 (SSH) to 0.0.0.0/0 in web-servers");
    assert.equal(findingOf(aChange({ groupName: "" }), POLICY, NOW).title.endsWith(" in sg-0fedcba9876543210"), true);
    const swept = aChange({ found: "sweep", actor: undefined, call: undefined, judged: "" });
    assert.equal(findingOf(swept, POLICY, NOW).title, "Found open: TCP 22 (SSH) to 0.0.0.0/0 in web-servers");
  });

  it("says what the group protects, who it was and how they came", () => {
    assert.deepEqual(facts(aChange({ actor: alice({ via: "cloudformation.amazonaws.com" }) })), {
      Protects: "2 instances (web-1, web-2), 1 load balancer (shop)",
      Who: "alice@example.com, permission set Developer, without a second factor",
      From: "198.51.100.23 with aws-cli/2.31.0 md/awscrt#0.28.2",
      Through: "cloudformation.amazonaws.com",
      Principal: alice().arn,
      VPC: "vpc-0123456789abcdef0",
    });
    assert.equal(facts(aChange({ protects: undefined })).Protects, "could not be read");
  });

  it("says what was done, and what a rule was before it was written over", () => {
    assert.equal(facts(aPutBack()).Done, "revoked sgr-0a1b2c3d4e5f60718 (TCP 22 (SSH) to 0.0.0.0/0)");
    const before = sshForTheWorld({ peer: { kind: "range", range: "10.0.0.0/8" } });
    const modified = facts(
      aPutBack({ modified: true, before: [before], steps: [{ kind: "modify", id: before.id, from: sshForTheWorld(), to: before }] }),
    );
    assert.deepEqual(
      [modified.Before, modified.Done],
      ["TCP 22 (SSH) to 10.0.0.0/8", "changed sgr-0a1b2c3d4e5f60718 back to TCP 22 (SSH) to 10.0.0.0/8"],
    );
  });

  it("says why nobody approved it, and how to undo what was put back without a button", () => {
    const { description, remediation, consoleUrl } = findingOf(aPutBack(), POLICY, NOW);
    assert.equal(
      description,
      "The approved ranges (10.0.0.0/8, 203.0.113.0/24) do not contain 0.0.0.0/0, and only the ports 80, 443 may be open to the world.",
    );
    assert.match(remediation.text ?? "", /npm run undo -- k3x7qamz2bpt restores it, until 31 March 2026/);
    assert.equal(
      consoleUrl,
      "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#SecurityGroup:groupId=sg-0fedcba9876543210",
    );
  });

  it("offers no undo where there is none", () => {
    assert.deepEqual(actionsOf(aPutBack({ steps: [] }), NOW), []);
    assert.deepEqual(actionsOf(aPutBack(), Date.parse("2026-04-01T09:00:00Z")), []);
    assert.deepEqual(actionsOf(aChange(), NOW), []);
  });

  it("keeps the bounds of findings, and Slack's, whatever anybody calls themselves and their groups", () => {
    const rule = hostileText(60).map((range) => sshForTheWorld({ peer: { kind: "range", range } }));
    const statuses: ChangeStatus[] = [
      "told",
      "asked",
      "acting",
      "put-back",
      "kept",
      "undoing",
      "undone",
      "not-touched",
      "failed",
      "closed",
    ];
    const change = fc
      .record({
        status: fc.constantFrom(...statuses),
        mode: fc.constantFrom("alert", "approve", "revert"),
        found: fc.constantFrom("event", "sweep"),
        groupName: hostileText(256),
        judged: hostileText(2_000),
        actor: fc.record({
          arn: hostileText(256),
          name: hostileText(256),
          type: hostileText(64),
          sourceAddress: hostileText(128),
          userAgent: hostileText(256),
          via: hostileText(256),
        }),
        offending: fc.array(rule, { maxLength: 40 }),
        protects: fc.record({
          instances: fc.array(hostileText(200), { maxLength: 20 }),
          loadBalancers: fc.array(hostileText(200)),
          databases: fc.array(hostileText(200)),
          others: fc.array(hostileText(200)),
        }),
        unread: fc.option(hostileText(300), { nil: undefined }),
        untouched: fc.array(fc.record({ what: hostileText(200), why: hostileText(200) }), { maxLength: 10 }),
        undoRefused: fc.option(hostileText(500), { nil: undefined }),
        decidedBy: fc.option(hostileText(256), { nil: undefined }),
      })
      .map((fields) => aPutBack(fields));
    const parts = { policy: POLICY, approvals: { timeout: "30m", onTimeout: "undo" } } as const;
    fc.assert(
      fc.property(change, (one) => {
        const message = messageOf(one, parts as never, NOW);
        const { finding } = message;
        assert.ok(finding.title.length <= LONGEST.title && finding.title !== "");
        assert.ok(finding.description.length <= LONGEST.description && finding.kind.length <= LONGEST.name);
        assert.ok(finding.facts.length <= MOST.facts && finding.facts.every(({ value }) => value.length <= LONGEST.fact));
        assert.ok((message.outcome ?? "").length <= 512 && !/\p{Cc}/u.test(finding.title + finding.kind + message.outcome));
        const input = { alert: anAlert({ ...message, reason: "resolved" }), account: anAccount() };
        assert.equal(faultsOf(renderFirst(input)), "");
        assert.equal(faultsOf(renderSlack({ ...input, alert: anAlert(message), inThread: false, pressable: true })), "");
        assert.equal(faultsOf(renderSlack({ ...input, inThread: true })), "");
      }),
      { numRuns: 300 },
    );
  });
});
