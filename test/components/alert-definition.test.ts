import assert from "node:assert/strict";

import validate = require("asl-validator");

import { type AlertParts, alertDefinition } from "../../components/alert-definition";

const PARTS: AlertParts = {
  partition: "aws",
  enrich: { arn: "arn:aws:lambda:eu-west-1:222222222222:function:tocsin-enrich", timeoutSeconds: 15 },
  deliver: {
    email: { arn: "arn:aws:lambda:eu-west-1:222222222222:function:tocsin-deliver-email", timeoutSeconds: 15 },
    slack: { arn: "arn:aws:lambda:eu-west-1:222222222222:function:tocsin-deliver-slack", timeoutSeconds: 30 },
  },
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

const everyKind = (): AlertParts["deliver"] =>
  Object.fromEntries(["email", "slack", "sns", "teams", "webhook"].map((kind) => [kind, { arn: `arn:${kind}`, timeoutSeconds: 30 }]));

describe("the workflow alert", () => {
  const variants: readonly (readonly [string, AlertParts])[] = [
    ["with write-back", PARTS],
    ["without write-back", { ...PARTS, writeBackUrl: undefined }],
    ["with every kind of channels", { ...PARTS, deliver: everyKind() }],
    ["without any channel", { ...PARTS, deliver: {} }],
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
    assert.equal(state("Park").Catch?.at(-1)?.Next, "Lost");
    for (const name of ["DeliverEmail", "Record"]) {
      assert.equal(state(name).Catch?.at(-1)?.ErrorEquals[0], "States.ALL");
      assert.equal(state(name).Catch?.at(-1)?.Next, "Parked?");
    }
    assert.deepEqual(state("Park").Parameters?.DelaySeconds, 60);
    assert.equal(state("Enrich").Catch?.at(-1)?.Next, "AlertParked?");
  });

  it("rides out a store that fails for a minute without sending again", () => {
    assert.ok(patience(state("Record").Retry) >= 60);
    assert.equal(state("Record").Resource, "arn:aws:states:::dynamodb:updateItem");
  });

  it("keeps within the five minutes of an Express execution, even if a channel and the store fail one after the other", () => {
    assert.ok(patience(state("DeliverEmail").Retry) + patience(state("Record").Retry) < 270);
  });

  it("keeps within them too where a function takes its whole time for a channel that asks to slow down, each time", () => {
    const { Retry } = state("DeliverSlack");
    const tries = 1 + Number(Retry?.[0]?.MaxAttempts);
    assert.ok(patience(Retry) + tries * 30 + patience(state("Record").Retry) + patience(state("Settle").Retry) < 290);
  });

  it("waits for a function a little longer than it may run, so that its own words are heard", () => {
    const seconds = (name: string) => (state(name) as { TimeoutSeconds?: number }).TimeoutSeconds;
    assert.deepEqual([seconds("Enrich"), seconds("DeliverEmail"), seconds("DeliverSlack")], [20, 20, 35]);
  });

  it("hands each kind of channel to its own function, and parks what it has none for", () => {
    const { Choices, Default } = state("Kind", { ...PARTS, deliver: everyKind() }) as unknown as {
      Choices: readonly { StringEquals: string; Next: string }[];
      Default: string;
    };
    assert.deepEqual(
      Choices.map(({ StringEquals, Next }) => [StringEquals, Next]),
      [
        ["email", "DeliverEmail"],
        ["slack", "DeliverSlack"],
        ["sns", "DeliverSns"],
        ["teams", "DeliverTeams"],
        ["webhook", "DeliverWebhook"],
      ],
    );
    assert.equal(Default, "Parked?");
  });

  it("asks nobody whom to tell where the channels come with the alert, as those of a storm do", () => {
    const choice = state("Routed?") as unknown as { Choices: readonly { Variable: string; Next: string }[]; Default: string };
    assert.deepEqual(choice.Choices, [{ Variable: "$.channels", IsPresent: true, Next: "Tell" }]);
    assert.equal(choice.Default, "Enrich");
  });

  it("marks a finding as notified only where Security Hub knows it and somebody was told", () => {
    const choice = state("WriteBack?") as unknown as { Choices: readonly { And: readonly { Variable: string }[] }[]; Default: string };
    assert.deepEqual(
      choice.Choices[0]?.And.map(({ Variable }) => Variable),
      ["$.alert.markable", "$.told"],
    );
    assert.equal(choice.Default, "Done");
  });

  it("holds what is parked only when every channel was told or parked, so that nothing is lost if one was neither", () => {
    const { Choices, Default } = state("Whole?") as unknown as { Choices: readonly { Variable: string; Next: string }[]; Default: string };
    assert.deepEqual([Choices[0]?.Variable, Choices[0]?.Next, Default], ["$.lost", "NotParked", "Hold"]);
    assert.equal((state("ParkAlert") as { Next?: string }).Next, "Hold?");
  });

  it("holds the end of an episode as what it is: nobody has a claim on what is closed, and the schedule does not tell of it meanwhile", () => {
    const { Choices, Default } = state("Hold?") as unknown as { Choices: readonly State[]; Default: string };
    assert.deepEqual([Choices[0], Default], [{ Variable: "$.alert.reason", StringEquals: "resolved", Next: "HoldEnd" }, "Hold"]);
    assert.equal(state("HoldEnd").Parameters?.UpdateExpression, "SET endBy = :queue REMOVE due");
  });

  it("buries at once what no route leads anywhere, with the reason", () => {
    assert.deepEqual(state("Enrich").Catch?.[0], { ErrorEquals: ["NoRoute"], ResultPath: "$.error", Next: "NoRoute" });
    assert.equal(state("Bury").Parameters?.QueueUrl, PARTS.deadLetterUrl);
  });
});
