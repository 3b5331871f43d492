import assert from "node:assert/strict";

import validate = require("asl-validator");

import { type AlertParts, alertDefinition } from "../../components/alert-definition";

const PARTS: AlertParts = {
  partition: "aws",
  enrichArn: "arn:aws:lambda:eu-west-1:222222222222:function:tocsin-enrich",
  deliverArns: { email: "arn:aws:lambda:eu-west-1:222222222222:function:tocsin-deliver-email" },
  tableName: "tocsin-episodes",
  undeliveredUrl: "https://sqs.eu-west-1.amazonaws.com/222222222222/tocsin-undelivered",
  deadLetterUrl: "https://sqs.eu-west-1.amazonaws.com/222222222222/tocsin-undelivered-dlq",
  writeBackUrl: "https://sqs.eu-west-1.amazonaws.com/222222222222/tocsin-write-back",
};

interface Retry {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds?: number;
}
interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Retry?: readonly Retry[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
}

const statesOf = (parts: AlertParts): Map<string, State> => {
  const { States } = alertDefinition(parts) as { States: Record<string, State> };
  const all = Object.entries(States).flatMap(([name, state]): [string, State][] => [
    [name, state],
    ...Object.entries(state.ItemProcessor?.States ?? {}),
  ]);
  assert.equal(new Set(all.map(([name]) => name)).size, all.length, "names are unique in the whole machine");
  return new Map(all);
};

const state = (name: string, parts = PARTS): State => {
  const found = statesOf(parts).get(name);
  assert.ok(found, name);
  return found;
};

/** Seconds that a retrier waits in all. */
const patience = (retries: readonly Retry[] = []): number =>
  Math.max(
    ...retries.map(({ IntervalSeconds = 1, BackoffRate = 2, MaxAttempts, MaxDelaySeconds = Number.POSITIVE_INFINITY }) =>
      Array.from({ length: MaxAttempts }, (_, attempt) => Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** attempt)).reduce(
        (a, b) => a + b,
        0,
      ),
    ),
  );

describe("the workflow alert", () => {
  const variants: readonly (readonly [string, AlertParts])[] = [
    ["with write-back", PARTS],
    ["without write-back", { ...PARTS, writeBackUrl: undefined }],
    ["with several kinds of channels", { ...PARTS, deliverArns: { email: "arn:1", slack: "arn:2", sns: "arn:3" } }],
    ["without any channel", { ...PARTS, deliverArns: {} }],
    ["in another partition", { ...PARTS, partition: "aws-us-gov" }],
  ];
  for (const [what, parts] of variants) {
    it(`is valid Amazon States Language ${what}`, () => {
      const { isValid, errorsText } = validate(JSON.parse(JSON.stringify(alertDefinition(parts))));
      assert.ok(isValid, errorsText());
      statesOf(parts);
    });
  }

  it("writes nothing back where the settings say so", () => {
    const names = [...statesOf({ ...PARTS, writeBackUrl: undefined }).keys()];
    assert.ok(!names.some((name) => name.startsWith("WriteBack")));
  });

  it("sends a message again when the channel asks to slow down, not when it may have been sent", () => {
    const retried = state("DeliverEmail").Retry?.flatMap(({ ErrorEquals }) => ErrorEquals) ?? [];
    assert.ok(retried.includes("ThrottlingException") && retried.includes("TooManyRequestsException"));
    assert.ok(!retried.some((error) => ["States.ALL", "States.Timeout", "States.TaskFailed", "Lambda.Unknown"].includes(error)));
  });

  it("parks whatever else a channel does not take, instead of losing it", () => {
    for (const name of ["DeliverEmail", "Record"]) {
      assert.equal(state(name).Catch?.at(-1)?.ErrorEquals[0], "States.ALL");
      assert.equal(state(name).Catch?.at(-1)?.Next, "Parked?");
    }
    assert.deepEqual(state("Park").Parameters?.DelaySeconds, 60);
    assert.equal(state("Enrich").Catch?.at(-1)?.Next, "AlertParked?");
  });

  it("rides out a store that fails for a minute without sending again", () => {
    assert.ok(patience(state("Record").Retry) >= 120);
    assert.equal(state("Record").Resource, "arn:aws:states:::dynamodb:updateItem");
  });

  it("keeps within the five minutes of an Express execution, even if a channel and the store fail one after the other", () => {
    assert.ok(patience(state("DeliverEmail").Retry) + patience(state("Record").Retry) < 270);
  });

  it("marks a finding as notified only where Security Hub knows it and somebody was told", () => {
    const choice = state("WriteBack?") as unknown as { Choices: readonly { And: readonly { Variable: string }[] }[]; Default: string };
    assert.deepEqual(
      choice.Choices[0]?.And.map(({ Variable }) => Variable),
      ["$.alert.markable", "$.told"],
    );
    assert.equal(choice.Default, "Done");
  });

  it("hands the claim over once it is parked, so that nothing is lost if parking fails, and nobody tells the same a second time meanwhile", () => {
    assert.deepEqual(
      [state("Park"), state("ParkAlert")].map((parked) => (parked as { Next?: string }).Next),
      ["Hold", "HoldAlert"],
    );
  });

  it("buries at once what no route leads anywhere, with the reason", () => {
    assert.deepEqual(state("Enrich").Catch?.[0], { ErrorEquals: ["NoRoute"], ResultPath: "$.error", Next: "NoRoute" });
    assert.equal(state("Bury").Parameters?.QueueUrl, PARTS.deadLetterUrl);
  });
});
