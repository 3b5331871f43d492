import type { DeliveryEntry } from "../replay/report";
import { START } from "../runtime/clock";
import { check, decisions, inShort, same } from "./judging";
import { SAMPLE_ID, sampleFinding } from "./sample";
import type { Outcome, Scene } from "./scene";

const slackOf = ({ deliveries }: Outcome): readonly DeliveryEntry[] => deliveries.filter(({ kind }) => kind === "slack");

const saying = (text: string, { payload }: DeliveryEntry): boolean => JSON.stringify(payload).includes(text);

/** Job 3 of tocsin: threats in Slack, by the account's name. The times of GuardDuty's events are its own, so that they need not be those of the clock. */
export function guardDutyInSlack(): Scene[] {
  return [
    {
      title: "GuardDuty in Slack, by the account's name",
      story:
        "Somebody presses GuardDuty's “Generate sample findings” in data, to see whether the wiring works. The Slack channel hears of it, with the sample marked as what it is.",
      steps: [
        {
          caption: "GuardDuty sends a sample finding: stolen credentials of an instance of data (HIGH)",
          line: { account: "data", region: "eu-west-1", event: sampleFinding(START, false) },
        },
      ],
      judge: (outcome) => {
        const messages = slackOf(outcome);
        return [
          check(
            "one message in Slack, because it is new",
            same(
              messages.map(({ reason, findingIds }) => [reason, ...findingIds]),
              [["new", SAMPLE_ID]],
            ),
            inShort(messages),
          ),
          check(
            "it says [SAMPLE], and data instead of 12 digits alone",
            messages.length === 1 && messages.every((message) => saying("SAMPLE", message) && saying("data", message)),
            inShort(messages),
          ),
        ];
      },
    },
    {
      title: "Over: the thread says so",
      story:
        "The finding is archived in GuardDuty. Whoever was told of it hears in the same thread that it is over; nobody gets a mail for that.",
      steps: [
        {
          caption: "Somebody archives the sample in GuardDuty",
          line: { account: "data", region: "eu-west-1", event: sampleFinding(START + 60_000, true) },
        },
      ],
      judge: (outcome, earlier) => {
        const first = earlier.flatMap(slackOf).find(({ findingIds }) => findingIds.includes(SAMPLE_ID));
        const [last] = outcome.deliveries;
        return [
          check(
            "one answer in the thread of the first message: resolved",
            outcome.deliveries.length === 1 &&
              last?.reason === "resolved" &&
              last.episode === first?.episode &&
              "thread_ts" in last.payload,
            `${inShort(outcome.deliveries)}; ${decisions(outcome)}`,
          ),
        ];
      },
    },
  ];
}
