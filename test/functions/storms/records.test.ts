import assert from "node:assert/strict";
import { type BatchGetItemCommand, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { accepted } from "../../../functions/accepted";
import { isoAfter } from "../../../functions/duration";
import { itemsOf } from "../../../functions/storms/batch-get";
import { FlushTable } from "../../../functions/storms/flush-table";
import { flushKey, type Part, partId, partKey, type StormKind, stormKey } from "../../../functions/storms/key";
import { listKey } from "../../../functions/storms/list";
import { teller } from "../../../functions/storms/teller";
import { sendTrigger } from "../../../functions/storms/trigger";
import { loggedDuring } from "../../support/deliveries";
import { anAccount, anAlert, aResource } from "../../support/findings";
import { aStormAlert } from "../../support/storms";
import { MemoryTable } from "../../support/table";
import { alertSettings, START, TriageBench } from "../../support/triage";
import { MINUTE, oneOfMany, StormBench } from "./bench";

const STORM = { origin: "securityhub", kind: "EC2.19", sample: false } as const;
const PART: Part = { storm: STORM, flushAt: START + 10 * MINUTE, number: 1 };

const MAIL = { name: "soc-mail", kind: "email" };
const SLACK = { name: "soc-slack", kind: "slack" };
/** What a part consists of, and who is told of which. */
const TOLD = new Map([
  ["one", [MAIL]],
  ["three", [MAIL]],
  ["two", [MAIL, SLACK]],
]);

/** A queue that keeps what is sent to it. */
function aQueue(): { readonly sqs: SQSClient; readonly sent: SendMessageCommand["input"][] } {
  const sent: SendMessageCommand["input"][] = [];
  const sqs = { send: async ({ input }: SendMessageCommand) => void sent.push(input) };
  return { sqs: sqs as unknown as SQSClient, sent };
}

describe("what a storm writes down", () => {
  it("is out of the way of the schedules: no item of its own is open, due, a heartbeat or an account", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    await bench.arrive(...Array.from({ length: 5 }, (_, n) => oneOfMany(n)));
    await bench.flush();
    const flushAt = START + MINUTE;
    const own = [...bench.triage.table.items].filter(([key]) => key.startsWith("storm#"));
    assert.deepEqual(own.map(([key]) => key).sort(), [stormKey(STORM), flushKey(STORM, flushAt), partKey({ ...PART, flushAt })]);
    for (const [, item] of own) {
      assert.deepEqual([item.status, item.shard, item.due], [undefined, undefined, undefined]);
      assert.ok(Number(item.expires?.N) * 1000 > bench.now);
    }
  });

  it("spreads kinds over the table, whatever strangers call them, and keeps parts apart", () => {
    assert.match(stormKey({ ...STORM, origin: "guardduty", kind: "漢".repeat(256) }), /^storm#guardduty#[\w-]{22}$/);
    assert.notEqual(stormKey(STORM), stormKey({ ...STORM, origin: "guardduty" }));
    const samples = { ...STORM, sample: true };
    for (const name of [
      stormKey,
      (storm: StormKind) => partId({ ...PART, storm }),
      (storm: StormKind) => listKey({ ...PART, storm }, "soc-mail"),
    ]) {
      assert.notEqual(name(samples), name(STORM), "samples are a storm of their own");
    }
    assert.match(partId(PART), /^storm-[0-9a-f]{12}-20260301T091000-1$/);
    assert.equal(
      new Set([PART, { ...PART, number: 2 }, { ...PART, flushAt: PART.flushAt + 1000 }].flatMap((part) => [partId(part), partKey(part)]))
        .size,
      6,
    );
  });

  it("remembers what a held finding says, in few bytes: its routes and its message need it", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    const resources = Array.from({ length: 20 }, (_, index) => aResource({ id: `i-${index}`, tags: { text: "漢".repeat(1000) } }));
    await bench.arrive(oneOfMany(0), oneOfMany(1, { resources, description: "What happened." }));
    const [key = ""] = bench.held;
    assert.ok((bench.triage.table.items.get(key)?.heldFinding?.B?.length ?? 0) < 6_144);
    const kept = (await bench.triage.store.get(key))?.kept;
    assert.deepEqual([kept?.resources, kept?.description], [resources, "What happened."]);
  });

  it("keeps what an episode says that was told before, though its events go on", async () => {
    const bench = new StormBench({ over: 1, within: "1h" });
    bench.triage = new TriageBench(alertSettings({ wait: { CRITICAL: "1h" } }));
    bench.worker();
    await bench.arrive(oneOfMany(0, { severity: "HIGH" }));
    await bench.triage.delivered(bench.singles[0]);
    const rising = (minutes: number) =>
      oneOfMany(0, { severity: "CRITICAL", description: "It rose.", updatedAt: isoAfter(START, minutes * MINUTE) });
    await bench.arrive(oneOfMany(1, { severity: "HIGH" }), rising(1), rising(2));
    await bench.flush();
    const told = bench.flushed.find(({ finding }) => finding.id === "finding-0");
    assert.deepEqual([told?.reason, told?.previousSeverity, told?.finding.description], ["escalated", "HIGH", "It rose."]);
  });

  it("records that a channel got the message with the storm, not with an episode", async () => {
    const table = new MemoryTable();
    const parts = new FlushTable(table.client, "episodes");
    assert.equal(await parts.sealed(PART), undefined);
    await parts.seal(PART, TOLD);
    const alert = aStormAlert({ key: partKey(PART), episode: partId(PART) });
    const request = { alert, account: anAccount(), channel: { name: "soc-mail" } };
    const { result: answers, lines } = await loggedDuring(async () =>
      [alert, anAlert()].map((one) =>
        accepted({ ...request, alert: one }, { channelKind: "email", messageId: "m-1" }, alertSettings(), START),
      ),
    );
    assert.deepEqual(
      lines.map(({ kind, storm, episode }) => [kind, storm, episode]),
      [
        ["delivery", partId(PART), partId(PART)],
        ["delivery", undefined, anAlert().episode],
      ],
    );
    const [{ record } = { record: undefined }] = answers;
    assert.ok(record);
    await table.client.send(new UpdateItemCommand({ TableName: "episodes", ...record }));
    const again = await parts.sealed(PART);
    assert.deepEqual([again?.told, [...(again?.channels ?? [])]], [TOLD, ["soc-mail"]]);
    await assert.rejects(parts.seal(PART, new Map([["four", [MAIL]]])), /another attempt/);
  });

  it("is read to the end when DynamoDB answers only a part at a time, and given up when it answers nothing", async () => {
    const asked: number[] = [];
    const client = (answers: number): DynamoDBClient =>
      ({
        send: async ({ input }: BatchGetItemCommand) => {
          const keys = input.RequestItems?.episodes?.Keys ?? [];
          asked.push(keys.length);
          const left = keys.slice(answers);
          return { Responses: { episodes: keys.slice(0, answers) }, UnprocessedKeys: left.length > 0 ? { episodes: { Keys: left } } : {} };
        },
      }) as unknown as DynamoDBClient;
    const keys = Array.from({ length: 250 }, (_, index) => `key-${index}`);
    const items = await itemsOf(client(60), "episodes", keys);
    assert.deepEqual(items.map(({ pk }) => pk?.S).sort(), [...keys].sort());
    assert.deepEqual(
      asked.sort((a, b) => a - b),
      [40, 40, 50, 100, 100],
    );
    await assert.rejects(itemsOf(client(0), "episodes", ["key"]), /left out 1 items/);
  }).timeout(30_000);
});

describe("the message that has a storm told", () => {
  it("comes a little after the time of the flush, when what was held in time is in the table's index", async () => {
    const { sqs, sent } = aQueue();
    const trigger = { ...STORM, flushAt: START + 10 * MINUTE, windowEnds: START + 10 * MINUTE };
    await sendTrigger(sqs, "https://sqs/storms", trigger, START);
    await sendTrigger(sqs, "https://sqs/storms", trigger, START + 11 * MINUTE);
    assert.deepEqual(
      sent.map(({ DelaySeconds }) => DelaySeconds),
      [615, 15],
    );
    assert.deepEqual(JSON.parse(sent[0]?.MessageBody ?? ""), trigger);
  });

  it("is sent where the settings have a storm; without, everything is told singly", async () => {
    const table = new MemoryTable();
    const { sqs, sent } = aQueue();
    const told: string[] = [];
    const start = async ({ finding }: { readonly finding: { readonly id: string } }): Promise<void> => void told.push(finding.id);
    const parts = { dynamo: table.client, tableName: "episodes", sqs, start };
    const alerts = [0, 1, 2].map((n) => anAlert({ finding: oneOfMany(n), key: `key-${n}` }));
    const plain = teller({ ...parts, storm: undefined, stormsUrl: undefined });
    for (const alert of alerts) await plain(alert);
    assert.deepEqual([told.length, sent.length, table.requests.length], [3, 0, 0]);
    const stormy = teller({ ...parts, storm: '{"over":2,"within":"10m"}', stormsUrl: "https://sqs/storms" });
    for (const alert of alerts) await stormy(alert);
    assert.deepEqual([told.length, sent.length], [5, 1]);
  });
});
