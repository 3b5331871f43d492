import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AccountInfo } from "../../functions/alert";
import type { ActAnswer, ActParts } from "../../functions/guard/act-parts";
import { keep, putBack } from "../../functions/guard/acting";
import { Guard, type GuardInput } from "../../functions/guard/guarding";
import { guardRoleArn } from "../../functions/guard/member";
import { type ChangeRecord, changeId } from "../../functions/guard/record";
import type { GuardSettings } from "../../functions/guard/settings";
import { GuardTable } from "../../functions/guard/table";
import { undo } from "../../functions/guard/undoing";
import type { Rule } from "../../functions/security-groups/rule";
import { cloudTrailEvent, type Made, MemoryEc2 } from "./ec2";
import { MemoryTable } from "./table";

export const ACCOUNT = "444444444444";
export const REGION = "eu-west-1";
export const START = Date.parse("2026-03-01T09:00:00.000Z");
export const OWN_ROLE = guardRoleArn(ACCOUNT, REGION);

export const guardSettings = (overrides: Partial<GuardSettings> = {}): GuardSettings => ({
  mode: "revert",
  approvedRanges: ["10.0.0.0/8", "203.0.113.0/24"],
  publicPorts: [80, 443],
  exemptAccounts: [],
  exemptOrganizationalUnits: [],
  tell: "unapproved",
  ...overrides,
});

/** A rule as somebody would add it. */
export const opening = (range: string, port = 22, given: Partial<Rule> = {}): Omit<Rule, "id"> => ({
  direction: "ingress",
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  peer: { kind: "range", range },
  ...given,
});

/** The guard's table in memory: keys of two parts in one. */
export class MemoryGuardTable {
  readonly memory = new MemoryTable();

  get client(): DynamoDBClient {
    return { send: (command: object) => this.send(command) } as unknown as DynamoDBClient;
  }

  private async send(command: object): Promise<unknown> {
    const { input } = command as { readonly input: Record<string, never> };
    const operation = command.constructor.name;
    if (operation === "QueryCommand") {
      await this.memory.before("Query");
      this.memory.requests.push("Query");
      const { ":pk": pk, ":prefix": prefix } = input.ExpressionAttributeValues as unknown as Record<string, { S: string }>;
      const begin = `${pk?.S}\n${prefix?.S ?? ""}`;
      const Items = [...this.memory.items]
        .filter(([key]) => key.startsWith(begin))
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([key, item]) => ({ ...item, sk: { S: key.split("\n")[1] ?? "" } }));
      return { Items };
    }
    const { pk, sk } = input.Key as unknown as Record<"pk" | "sk", { S: string }>;
    const key = `${pk.S}\n${sk.S}`;
    if (operation === "DeleteItemCommand") {
      await this.memory.before("DeleteItem");
      this.memory.items.delete(key);
      return {};
    }
    const Command = command.constructor as new (input: object) => never;
    return this.memory.client.send(new Command({ ...(input as object), Key: { pk: { S: key } } }));
  }
}

/** The guard with its table and EC2 in memory, and with a workflow that does what the machine "guard" does with the settings' mode. */
export class GuardBench {
  readonly ec2 = new MemoryEc2();
  readonly stored = new MemoryGuardTable();
  readonly table = new GuardTable(this.stored.client, "guard");
  readonly logged: Record<string, unknown>[] = [];
  /** Workflows that were started, by their name. */
  readonly executions = new Map<string, GuardInput>();
  readonly accounts = new Map<string, AccountInfo>();
  readonly guard: Guard;
  now = START;
  /** Called in each pause of the functions. */
  paused: () => void = () => undefined;
  /** What reaching the member answers. */
  reach: () => void = () => undefined;
  private events = 0;

  constructor(readonly settings: GuardSettings = guardSettings()) {
    this.guard = new Guard({
      settings,
      table: this.table,
      members: async () => {
        this.reach();
        return this.ec2.client("tocsin");
      },
      accountOf: async (id) => this.accounts.get(id) ?? { id },
      start: async (name, input) => void (this.executions.has(name) || this.executions.set(name, input)),
      patience: 3,
      now: () => this.now,
      log: (entry) => void this.logged.push(entry),
    });
  }

  get parts(): ActParts {
    return {
      settings: this.settings,
      table: this.table,
      members: async () => {
        this.reach();
        return this.ec2.client("tocsin");
      },
      now: () => this.now,
      pause: async (milliseconds) => {
        this.now += milliseconds;
        this.paused();
      },
      log: (entry) => void this.logged.push(entry),
    };
  }

  /** The event of a call, as CloudTrail sends it a minute later. */
  eventOf(made: Made): Record<string, unknown> {
    const event = cloudTrailEvent(made, this.now, { id: `call-${++this.events}`, ...(made.by === "tocsin" && { roleArn: OWN_ROLE }) });
    this.now += 60_000;
    return event;
  }

  /** An event arrives. Answers the decision's reason, with `!` if people are told. */
  async arrives(event: Record<string, unknown>, receives = 1): Promise<string> {
    const known = this.logged.length;
    await this.guard.judge(event, receives);
    const entry = this.logged.slice(known).findLast(({ kind }) => kind === "decision");
    return `${entry?.reason}${entry?.decision === "notify" ? "!" : ""}`;
  }

  /** Somebody makes a call, and its event arrives. Answers the change's id. */
  async happens(made: Made): Promise<string> {
    const event = this.eventOf(made);
    await this.arrives(event);
    return idOf(event);
  }

  /** What the machine does with a change that may be put back. */
  async workflow(id: string): Promise<ActAnswer | undefined> {
    const input = this.executions.get(id);
    return input?.mode === "revert" && input.touchable && input.repeated < 3 ? this.putBack(id) : undefined;
  }

  readonly putBack = (id: string, by?: string): Promise<ActAnswer> => putBack(this.parts, id, by);
  readonly keep = (id: string, by?: string): Promise<ActAnswer> => keep(this.parts, id, by);
  readonly undo = (id: string, by = "U0123456789"): Promise<ActAnswer> => undo(this.parts, id, by);

  async record(id: string): Promise<ChangeRecord> {
    const record = await this.table.change(id);
    if (record === undefined) throw new Error(`there is no change ${id}`);
    return record;
  }

  /** Traffic that the group lets in, as `range port`, sorted. */
  open(groupId = "sg-1"): string[] {
    return (this.ec2.groups.get(groupId)?.rules ?? [])
      .map(({ peer, fromPort }) => `${peer.kind === "range" ? peer.range : peer.id} ${fromPort}`)
      .sort();
  }
}

/** Id of the change that an event tells of. */
export const idOf = (event: Record<string, unknown>): string =>
  changeId({ accountId: ACCOUNT, region: REGION, eventId: String((event.detail as Record<string, unknown>).eventID) });
