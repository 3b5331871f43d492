import { type DynamoDBClient, type GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { Alert } from "../../../functions/alert";
import { isoAfter } from "../../../functions/duration";
import { delivery } from "../../../functions/episodes/changes";
import { nextReminder } from "../../../functions/episodes/rules";
import type { Finding } from "../../../functions/finding";
import { knownAccounts } from "../../../functions/storms/accounts";
import { stormDelivery } from "../../../functions/storms/flush-record";
import { FlushTable } from "../../../functions/storms/flush-table";
import { Flushing, type FlushingParts } from "../../../functions/storms/flushing";
import { HeldEpisodes } from "../../../functions/storms/held-episodes";
import type { StormSettings } from "../../../functions/storms/rules";
import { Storms } from "../../../functions/storms/storms";
import { StormTable } from "../../../functions/storms/table";
import type { Trigger } from "../../../functions/storms/trigger";
import { aFinding, aResource } from "../../support/findings";
import { alertSettings, TriageBench } from "../../support/triage";

export const MINUTE = 60_000;

/** The n-th of many findings of one kind. */
export const oneOfMany = (n: number, overrides: Partial<Finding> = {}): Finding => {
  const resource = aResource({ id: `arn:aws:ec2:eu-west-1:333333333333:security-group/sg-${n}`, name: `sg-${n}` });
  return aFinding({ id: `finding-${n}`, problem: `EC2.19|${resource.id}`, resources: [resource], ...overrides });
};

/** A message that a channel got. */
export interface Message {
  readonly channel: string;
  readonly alert: Alert;
  /** The list that it links to. */
  readonly csv: string;
}

/** Who works: a test may make it wait or die before and after whatever it does. */
export interface Worker {
  readonly step: () => Promise<void>;
}

const TIRELESS: Worker = { step: async () => undefined };

/** Does something as this worker. */
async function as<T>(worker: Worker, work: () => T | Promise<T>): Promise<T> {
  await worker.step();
  const result = await work();
  await worker.step();
  return result;
}

/** Triage with storms and their flusher on a table in memory, with everything that was told at hand. */
export class StormBench {
  triage = new TriageBench(alertSettings());
  /** Told singly. */
  readonly singles: Alert[] = [];
  /** Those of them that a flush told. */
  readonly flushed: Alert[] = [];
  /** Told together. */
  readonly messages: Message[] = [];
  /** Planned flushes. */
  triggers: Trigger[] = [];
  readonly lists = new Map<string, string>();
  readonly marked: string[] = [];
  readonly logged: Record<string, unknown>[] = [];
  route: FlushingParts["route"] = () => [{ name: "soc-mail", kind: "email" }];

  constructor(readonly settings: StormSettings = { over: 20, within: "10m" }) {
    this.worker();
  }

  get now(): number {
    return this.triage.now;
  }
  set now(time: number) {
    this.triage.now = time;
  }

  /** A worker with an empty memory takes over. */
  worker(): void {
    const storms = this.storms();
    this.triage.tell = (alert) => storms.tell(alert);
  }

  private client(worker: Worker): DynamoDBClient {
    const { client } = this.triage.table;
    return { send: (command: GetItemCommand) => as(worker, () => client.send(command)) } as unknown as DynamoDBClient;
  }

  storms(worker: Worker = TIRELESS): Storms {
    return new Storms({
      settings: this.settings,
      table: new StormTable(this.client(worker), "episodes"),
      start: (alert) => as(worker, () => void this.singles.push(alert)),
      trigger: (trigger) => as(worker, () => void this.triggers.push(trigger)),
      now: () => this.now,
    });
  }

  flusher(worker: Worker = TIRELESS, changes: Partial<FlushingParts> = {}): Flushing {
    const client = this.client(worker);
    return new Flushing({
      settings: this.triage.settings,
      counts: new StormTable(client, "episodes"),
      flushes: new FlushTable(client, "episodes"),
      episodes: new HeldEpisodes(client, "episodes"),
      accountsById: (ids) => knownAccounts(client, "episodes", ids),
      route: (listed) => this.route(listed),
      keep: (key, csv) =>
        as(worker, () => {
          this.lists.set(key, csv);
          return { bucket: "lists", key, url: `https://console.example/${key}` };
        }),
      tell: (alert, _, { name }) => as(worker, () => this.delivered(alert, name)),
      start: (alert) => as(worker, () => this.started(alert)),
      mark: (marks) => as(worker, () => void this.marked.push(...marks.map(({ id }) => id))),
      now: () => this.now,
      log: (entry) => void this.logged.push(entry),
      ...changes,
    });
  }

  /** A flush tells one finding by itself, as the workflow "alert" does: a channel accepts it. */
  async started(alert: Alert): Promise<void> {
    this.singles.push(alert);
    this.flushed.push(alert);
    await this.triage.delivered(alert);
  }

  /** A channel accepts a storm's message, as the workflow "alert" records it. */
  async delivered(alert: Alert, channel: string): Promise<void> {
    this.messages.push({ channel, alert, csv: this.lists.get(alert.storm?.list.key ?? "") ?? "" });
    await this.triage.table.client.send(
      new UpdateItemCommand({ TableName: "episodes", Key: { pk: { S: alert.key } }, ...stormDelivery(channel, this.now) }),
    );
  }

  /** A channel that has threads accepts a single message, as the workflow "alert" records it. */
  async accepts(alert: Alert, channel: string, thread: string): Promise<void> {
    const accepted = { channel, number: alert.number, at: isoAfter(this.now, 0), thread: alert.told[channel]?.thread ?? thread };
    const due = nextReminder(this.triage.settings, alert.finding.severity, this.now);
    await this.triage.table.client.send(
      new UpdateItemCommand({ TableName: "episodes", Key: { pk: { S: alert.key } }, ...delivery(alert.telling, accepted, due, 0) }),
    );
  }

  /** Findings arrive, one after the other. */
  async arrive(...findings: readonly Finding[]): Promise<void> {
    for (const finding of findings) await this.triage.arrives(finding);
  }

  /** The clock goes on to the next planned flush, and it is done. */
  async flush(): Promise<void> {
    const triggers = this.triggers;
    this.triggers = [];
    for (const trigger of triggers) {
      this.now = Math.max(this.now, trigger.flushAt + 15_000);
      await this.flusher().run(trigger);
    }
  }

  /** Keys of the episodes that are held for a flush. */
  get held(): readonly string[] {
    return [...this.triage.table.items]
      .filter(([, item]) => item.claimBy?.S === "storm" && item.deliveredTelling?.S !== item.claim?.S)
      .map(([key]) => key);
  }
}

/** Rows of a list without its heading, cell by cell. */
export const rowsOf = (csv: string): readonly (readonly string[])[] =>
  csv
    .split("\r\n")
    .slice(1, -1)
    .map((line) => [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, value = ""]) => value.replaceAll('""', '"')));
