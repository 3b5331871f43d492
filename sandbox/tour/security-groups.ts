import type { ChangeEntry, DeliveryEntry } from "../replay/report";
import { listed } from "../terminal/text";
import { makesGroup, makesNetwork, opens, tellsOfOpening } from "./developer";
import { check, decisions, inShort } from "./judging";
import type { Outcome, Scene } from "./scene";

const calls = (changes: readonly ChangeEntry[]): string =>
  changes.length === 0 ? "no change" : listed(changes.map(({ operation }) => operation));

const slackOf = ({ deliveries }: Outcome): readonly DeliveryEntry[] => deliveries.filter(({ kind }) => kind === "slack");

/**
 * Job 2 of tocsin: a security group is opened, people are told, it is put back, and a person undoes that.
 * @param approver a Slack user who may press buttons.
 */
export function securityGroups(approver: string): Scene[] {
  return [
    {
      title: "SSH open to the world: told, and put back",
      story:
        "A developer of web opens SSH to the whole world. Nobody approved that range, so the rule is taken away again, that rule and nothing else, and people are told who did what, where, and what was done.",
      steps: [
        { caption: "web has a network", line: makesNetwork },
        { caption: "with a security group for its servers", line: makesGroup },
        { caption: "A developer opens port 22 to 0.0.0.0/0", line: opens("0.0.0.0/0", 22, "opened") },
        { caption: "CloudTrail tells of it, moments later", line: tellsOfOpening("0.0.0.0/0", 22, "opened") },
      ],
      judge: (outcome) => [
        check(
          "the rule that was added is revoked, by its id, and nothing else is changed",
          outcome.changes.length === 1 && outcome.changes[0]?.operation === "RevokeSecurityGroupIngress",
          calls(outcome.changes),
        ),
        check(
          "one message in Slack says who opened what, and that it was put back",
          slackOf(outcome).length === 1 && JSON.stringify(slackOf(outcome)).includes("dana@example.com"),
          inShort(slackOf(outcome)),
        ),
      ],
    },
    {
      title: "It was meant: undone with a click",
      story:
        "It was a planned maintenance. Whoever may approve presses Undo in Slack, and the rule is back as it was. An undone change is not put back again.",
      steps: [
        { caption: "An approver presses Undo", line: { press: { button: "undo", user: approver, message: "last" } } },
        { caption: "Two hours pass, with two sweeps over all groups", line: { advance: "2h" } },
      ],
      judge: (outcome, earlier) => {
        const putBack = earlier.at(-1)?.changes[0];
        const [restored] = outcome.changes;
        return [
          check(
            "the press was accepted",
            outcome.presses.length === 1 && outcome.presses.every(({ accepted }) => accepted),
            listed(outcome.presses.map(({ reason }) => reason ?? "no reason")),
          ),
          check(
            "the rule is back, and stays",
            outcome.changes.length === 1 && restored?.operation === "AuthorizeSecurityGroupIngress" && restored.undoes === putBack?.id,
            calls(outcome.changes),
          ),
          check(
            "the thread says who decided",
            slackOf(outcome).length === 1 && slackOf(outcome).every(({ payload }) => JSON.stringify(payload).includes(approver)),
            inShort(slackOf(outcome)),
          ),
        ];
      },
    },
    {
      title: "An approved range is left alone",
      story: "The same port, opened to an approved range: recorded, and nobody is bothered.",
      steps: [
        { caption: "The developer opens port 22 to 10.1.0.0/16", line: opens("10.1.0.0/16", 22, "inside") },
        { caption: "CloudTrail tells of it", line: tellsOfOpening("10.1.0.0/16", 22, "inside") },
        { caption: "An hour passes, with a sweep", line: { advance: "1h" } },
      ],
      judge: (outcome) => [
        check(
          "nothing is changed and nobody is told",
          outcome.changes.length === 0 && outcome.deliveries.length === 0 && outcome.events.every(({ decision }) => decision === "quiet"),
          `${calls(outcome.changes)}, ${inShort(outcome.deliveries)}, ${decisions(outcome)}`,
        ),
      ],
    },
  ];
}
