import assert from "node:assert/strict";
import { CONFIG, control, imported, MINUTE, START } from "../support/lines";
import { type Played, replay, type Step } from "../support/replay";

const HOUR = 60;

const STEPS: readonly Step[] = [
  { line: { fault: { service: "ses", error: "ServiceUnavailableException", status: 503, for: "60m" } } },
  { name: "while SES is down", line: imported(control("a")) },
  { name: "again while SES is down", line: { ...imported(control("a", {}, HOUR / 2)), at: "2026-03-01T09:40:00Z" } },
  { line: { advance: "3h" } },
  { line: { fault: { service: "dynamodb", error: "InternalServerError", status: 500, for: "60m" } } },
  { name: "while the table is down", line: imported(control("b", {}, 4 * HOUR)) },
  { line: { advance: "3h" } },
  { line: { fault: { service: "securityhub", error: "InternalException", status: 500, for: "60m" } } },
  { name: "while Security Hub is down", line: imported(control("c", {}, 7 * HOUR)) },
  { name: "again before it is marked", line: imported(control("c", {}, 7 * HOUR + 5)) },
  { line: { advance: "3h" } },
  { name: "again once it is marked", line: imported(control("c", {}, 10 * HOUR)) },
  { line: { fault: { service: "states", error: "ServiceUnavailable", status: 503, for: "60m" } } },
  { name: "while Step Functions is down", line: imported(control("d", {}, 12 * HOUR)) },
  { line: { advance: "3h" } },
  { line: { fault: { service: "organizations", error: "TooManyRequestsException", status: 400, for: "60m" } } },
  {
    name: "while nobody knows the account",
    line: imported(control("e", { AwsAccountId: "555555555555", AwsAccountName: undefined }, 15 * HOUR)),
  },
];

describe("an hour's outage", function () {
  this.timeout(120_000);
  let played: Played;
  before(async () => {
    played = await replay(STEPS, CONFIG);
  });

  const tellings = (name: string): string[] => played.deliveries(name).map(({ reason }) => String(reason));
  const minutesAfterStart = (name: string): number => (Date.parse(played.deliveries(name)[0]?.at ?? "") - START) / MINUTE;

  it("of the channel: the mail is sent once, soon after the channel is back, whatever is reported meanwhile", () => {
    assert.deepEqual(tellings("while SES is down"), ["new"]);
    assert.equal(played.outcome("again while SES is down"), "quiet/duplicate");
    const minutes = minutesAfterStart("while SES is down");
    assert.ok(minutes >= 60 && minutes <= 80, `sent after ${minutes} minutes`);
  });

  it("of the table: the mail is sent once, soon after the table is back", () => {
    assert.deepEqual(tellings("while the table is down"), ["new"]);
  });

  it("of Security Hub: people are told at once, repeats stay quiet, and the finding is marked later", () => {
    assert.deepEqual(tellings("while Security Hub is down"), ["new"]);
    assert.equal(played.outcome("again before it is marked"), "quiet/duplicate");
    assert.equal(played.outcome("again once it is marked"), "quiet/duplicate");
    assert.ok((played.report.counters.aws["dynamodb:BatchExecuteStatement"] ?? 0) > 0, "the mark is confirmed");
  });

  it("of Step Functions: the mail is sent once", () => {
    assert.deepEqual(tellings("while Step Functions is down"), ["new"]);
  });

  it("of AWS Organizations: the alert goes out at once, with the bare account id", () => {
    const [delivery] = played.deliveries("while nobody knows the account");
    assert.equal(delivery?.accountName, "555555555555");
  });

  it("dead-letters nothing and denies nothing", () => {
    assert.deepEqual([played.report.deadLetters, played.report.denied], [[], []]);
  });
});
