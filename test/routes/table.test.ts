import assert from "node:assert/strict";
import { ORIGINS, SEVERITIES } from "../../functions/finding";
import { accountAmong, SANDBOX_ACCOUNTS } from "../../routes/account";
import { answer, type Question } from "../../routes/answer";
import { printRoutes } from "../../routes/table";
import { screenOn } from "../../sandbox/terminal/screen";
import { parseSettings, type Settings } from "../../settings";
import { configOf, fullWith, NOW } from "../settings/examples";

function printed(settings: Settings, question: Partial<Question> = {}, columns = 100): string[] {
  let text = "";
  const screen = screenOn({ write: (part: string) => (text += part), columns }, {});
  const rows = answer(settings, { severities: SEVERITIES.toReversed(), origins: ORIGINS, ...question }, NOW);
  printRoutes(screen, settings, { stack: "prod", account: question.account, rows });
  return text.split("\n").filter((line) => line.trim() !== "");
}

const { "tocsin:securityGroupGuard": _guard, ...UNGUARDED } = configOf("Pulumi.prod.yaml");
const ROUTES = (UNGUARDED["tocsin:routes"] as readonly { readonly when?: { readonly origins?: readonly string[] } }[]).filter(
  ({ when }) => !when?.origins?.includes("security-group"),
);
const PROD = parseSettings("prod", { ...UNGUARDED, "tocsin:routes": ROUTES }, NOW);

describe("the table of routes", () => {
  it("has a line for what fares alike, the routes in words, and what is not let in", () => {
    assert.deepEqual(printed(PROD, { origins: ["securityhub", "security-group"] }), [
      "  Who is told in stack prod",
      "    severity  origin       accounts            who is told      by route",
      "  ✓ CRITICAL  securityhub  below Production    pager, soc-mail  [0] [3]",
      "                             as reminder       soc-mail         [3]",
      "  ✓ CRITICAL  securityhub  outside Production  soc-mail         [3]",
      "  ✓ HIGH      securityhub  every account       soc-mail         [3]",
      "    tocsin:routes: the first that fits counts; one that continues goes on",
      "    [0]  CRITICAL findings below Production, as new, escalated or reopened → pager, continues",
      "    [3]  everything → soc-mail",
      "    not let in: no source asks for MEDIUM, LOW and INFORMATIONAL securityhub findings",
      "    not let in: security-group findings, as there is no tocsin:securityGroupGuard",
    ]);
  });

  it("leaves out what tells nothing apart", () => {
    const settings = parseSettings("prod", { ...configOf("Pulumi.prod.yaml"), "tocsin:routes": [{ to: ["soc-mail"] }] }, NOW);
    assert.deepEqual(printed(settings, { origins: ["guardduty"] }).slice(1, 3), [
      "    severity            origin     who is told  by route",
      "  ✓ CRITICAL to MEDIUM  guardduty  soc-mail     [0]",
    ]);
  });

  it("names the account, what depends on tags, and mutes", () => {
    const settings = parseSettings(
      "prod",
      fullWith(
        [["tocsin:routes", 0], { when: { tags: { team: "web" } }, to: ["soc-slack"] }],
        [["tocsin:mutes", 0, "when"], { accounts: ["lab"] }],
      ),
      NOW,
    );
    const account = accountAmong(SANDBOX_ACCOUNTS, "lab");
    assert.deepEqual(printed(settings, { account, severities: ["HIGH"], origins: ["securityhub"] }), [
      "  Who is told in stack prod of findings in lab 666666666666 (Sandbox)",
      "    severity  origin       who is told  by route",
      "  – HIGH      securityhub  soc-mail     [2]",
      "      unless with tag team=web: soc-slack [0]",
      "      muted until 2026-03-03T09:00:00Z by alice@example.com: penetration test",
      "    tocsin:routes: the first that fits counts; one that continues goes on",
      "    [0]  findings with tag team=web → soc-slack",
      "    [2]  everything → soc-mail",
    ]);
  });

  it("says who is told of nothing", () => {
    const settings = { ...PROD, routes: PROD.routes.slice(0, 1) };
    assert.match(printed(settings, { severities: ["HIGH"], origins: ["guardduty"] })[2] ?? "", /^ {2}✗ HIGH {6}guardduty {2}.*nobody$/);
  });

  it("fits the screen, and cuts no name of a channel", () => {
    for (const columns of [80, 100, 120]) {
      const lines = printed(PROD, {}, columns);
      assert.ok(
        lines.every((line) => line.length <= Math.min(columns, 100)),
        lines.join("\n"),
      );
      for (const channel of Object.keys(PROD.channels)) {
        assert.ok(
          lines.some((line) => line.includes(channel)),
          channel,
        );
      }
    }
  });

  it("prints no control characters of other people's texts", () => {
    const account = { id: "333333333333", name: "\u001b[31mred\u0007" };
    assert.ok(printed(PROD, { account }).every((line) => !/\p{Cc}/u.test(line)));
  });
});
