import assert from "node:assert/strict";
import fc from "fast-check";
import { CUT_NOTE } from "../../../functions/message/content";
import { MOST_CHARACTERS, weight } from "../../../functions/slack/fit";
import { renderSlack } from "../../../functions/slack/render";
import { aFinding, anAccount, anAlert, aResource } from "../../support/findings";
import { hostileInput } from "../../support/hostile";
import { faultsOf, shown } from "../../support/slack";
import { aStorm } from "../../support/storms";

/** All objects in a value. */
function* objects(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value === "object" && value !== null) {
    if (!Array.isArray(value)) yield value as Record<string, unknown>;
    for (const inner of Object.values(value)) yield* objects(inner);
  }
}

const HOSTILE = "<!channel> @here <@U0123456789> <https://evil.example|console> *b* _i_ ~s~ `c` :siren: &lt; > q\r\nCRITICAL";

describe("a Slack message about a finding whose texts an attacker chose", () => {
  it("is accepted by Slack, whatever they are", () => {
    fc.assert(
      fc.property(hostileInput, fc.boolean(), (input, inThread) => {
        const message = renderSlack({ ...input, inThread });
        assert.equal(faultsOf(message), "");
        assert.ok(weight(message) <= MOST_CHARACTERS);
      }),
    );
  });

  it("has nothing that Slack would parse: no markup, no mention, no link but https buttons", () => {
    fc.assert(
      fc.property(hostileInput, fc.boolean(), (input, inThread) => {
        const message = renderSlack({ ...input, inThread });
        for (const one of objects([message.blocks, message.attachments])) {
          assert.notEqual(one.type, "mrkdwn");
          assert.ok(one.url === undefined || one.type === "button");
        }
        assert.doesNotMatch(message.text, /[<>\r\n]/);
        for (const { url } of shown(message).buttons) assert.match(url, /^https:\/\//);
      }),
    );
  });

  it("shows them as they are, on one line, without what turns text around", () => {
    const finding = aFinding({ title: HOSTILE, resources: [aResource({ name: `${HOSTILE}\u202E` })], description: HOSTILE });
    const message = renderSlack({ alert: anAlert({ finding }), account: anAccount({ name: HOSTILE }), inThread: false });
    const oneLine = HOSTILE.replace("\r\n", " ");
    const { lines } = shown(message);
    assert.ok(lines.includes(oneLine));
    assert.ok(lines.some((line) => line.startsWith(`Resource  ${oneLine}\uFFFD`)));
    assert.ok(!JSON.stringify(message).includes("\u202E"));
  });

  it("escapes the line of the notification, which Slack does parse", () => {
    const finding = aFinding({ title: "<!channel> & <https://evil.example|x>" });
    const { text } = renderSlack({ alert: anAlert({ finding }), account: anAccount(), inThread: false });
    assert.equal(text, "CRITICAL · payments: &lt;!channel&gt; &amp; &lt;https://evil.example|x&gt;");
  });

  for (const [what, sign] of [
    ["the longest texts there can be", "x"],
    ["the longest texts in a script that counts several times", "漢"],
    ["nothing but quotation marks", '"'],
    ["nothing but backslashes", "\\"],
    ["nothing but what is escaped", "<"],
    ["nothing but emoji", "🚨"],
  ] as const) {
    it(`fits with ${what}, and says that it was cut`, () => {
      const text = (length: number): string => sign.repeat(length).slice(0, length);
      const link = `https://console.aws.amazon.com/${"a".repeat(1_460)}`;
      const finding = aFinding({
        title: text(256),
        description: text(1_024),
        kind: text(256),
        id: text(1_024),
        region: text(64),
        facts: Array.from({ length: 20 }, () => ({ label: text(64), value: text(512) })),
        resources: Array.from({ length: 20 }, () => aResource({ id: text(1_024), name: text(256), type: text(128) })),
        remediation: { text: text(1_024), url: link },
        consoleUrl: link,
        sample: true,
      });
      const account = { id: "333333333333", name: text(256), path: Array.from({ length: 5 }, () => text(128)) };
      const message = renderSlack({ alert: anAlert({ finding, episode: text(256) }), account, inThread: false });
      assert.equal(faultsOf(message), "");
      assert.ok(weight(message) <= MOST_CHARACTERS, String(weight(message)));
      assert.ok(shown(message).lines.includes(CUT_NOTE));

      const accounts = Array.from({ length: 20 }, () => ({ id: text(64), name: text(256), count: 1 }));
      const findings = Array.from({ length: 300 }, () => ({
        id: text(256),
        severity: "HIGH" as const,
        title: text(256),
        accountId: text(64),
        accountName: text(256),
        region: text(64),
        resource: text(1_024),
      }));
      const storm = aStorm({ kind: text(256), accounts, findings, list: { bucket: "b", key: "k", url: link } });
      const many = renderSlack({ alert: anAlert({ finding, storm, episode: text(256) }), account, runbook: link, inThread: false });
      assert.equal(faultsOf(many), "");
      assert.ok(weight(many) <= MOST_CHARACTERS, String(weight(many)));
    });
  }

  it("is measured by a schema that knows Slack's limits", () => {
    const good = renderSlack({ alert: anAlert(), account: anAccount(), inThread: false });
    const header = (text: string) => ({ ...good, blocks: [{ type: "header", text: { type: "plain_text", text } }] });
    assert.equal(faultsOf(header("x".repeat(150))), "");
    const section = { type: "section", text: { type: "plain_text", text: "x".repeat(3_000) } };
    const faulty: readonly unknown[] = [
      header("x".repeat(151)),
      header(""),
      { ...good, blocks: Array.from({ length: 51 }, () => ({ type: "divider" })) },
      { ...good, blocks: [section, section, section, section, section] },
      {
        ...good,
        blocks: [{ type: "actions", elements: [{ type: "button", action_id: "a", text: { type: "plain_text", text: "x".repeat(76) } }] }],
      },
      { ...good, attachments: [{ color: "#b0102a", text: "legacy", blocks: [section] }] },
      { ...good, mrkdwn: true },
    ];
    for (const message of faulty) assert.notEqual(faultsOf(message), "", JSON.stringify(message).slice(0, 200));
  });
});
