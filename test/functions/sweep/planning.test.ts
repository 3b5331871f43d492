import assert from "node:assert/strict";
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import type { AccountRecord } from "../../../functions/accounts/record";
import { AccountTable } from "../../../functions/accounts/table";
import type { ExpectedMembers } from "../../../functions/heartbeat/silence";
import { knownAccounts, storedAccounts } from "../../../functions/sweep/accounts";
import type { SweptPlace } from "../../../functions/sweep/place";
import { delayOf, type Planned, plan } from "../../../functions/sweep/planning";
import { sendPlanned } from "../../../functions/sweep/sending";
import { guardSettings } from "../../support/guard";
import { MemoryTable } from "../../support/table";

const NOW = Date.parse("2026-03-10T10:00:00.000Z");
const ago = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString();
const MANAGEMENT = "111111111111";
const PAYMENTS = "333333333333";
const WEB = "444444444444";
const LAB = "666666666666";

const account = (id: string, overrides: Partial<AccountRecord> = {}): AccountRecord => ({
  id,
  name: `account-${id.slice(0, 1)}`,
  path: ["Production"],
  organizationalUnitIds: ["r-root", "ou-root-production"],
  status: "ACTIVE",
  joined: ago(1000),
  swept: ago(5),
  ...overrides,
});

const EVERYWHERE: ExpectedMembers = {
  managementAccountId: MANAGEMENT,
  regions: ["eu-west-1", "us-east-1"],
  organizationalUnitIds: ["r-root"],
};

async function planned(
  accounts: readonly AccountRecord[],
  { expected = EVERYWHERE, settings = guardSettings() } = {},
): Promise<readonly Planned[]> {
  let sent: readonly Planned[] = [];
  const send = async (all: readonly Planned[]): Promise<number> => {
    sent = all;
    return 0;
  };
  await plan({ accounts: async () => accounts, expected, settings, send, now: () => NOW, log: () => undefined });
  return sent;
}

const places = async (...args: Parameters<typeof planned>): Promise<string[]> =>
  (await planned(...args)).map(({ place }) => `${place.accountId} ${place.region}`);

describe("the plan of a sweep", () => {
  it("is one look at each active account and Region that the settings cover", async () => {
    const suspended = account("777777777777", { status: "SUSPENDED" });
    const left = account("888888888888", { swept: ago(100) });
    assert.deepEqual(await places([account(WEB), account(PAYMENTS), suspended, left]), [
      `${PAYMENTS} eu-west-1`,
      `${PAYMENTS} us-east-1`,
      `${WEB} eu-west-1`,
      `${WEB} us-east-1`,
    ]);
  });

  it("always has the management account, and else those that have the guard's role", async () => {
    const all = [
      account(MANAGEMENT, { organizationalUnitIds: ["r-root"] }),
      account(PAYMENTS),
      account(LAB, { organizationalUnitIds: [] }),
    ];
    const units = { ...EVERYWHERE, regions: ["eu-west-1"], organizationalUnitIds: ["ou-root-production"] };
    assert.deepEqual(await places(all, { expected: units }), [`${MANAGEMENT} eu-west-1`, `${PAYMENTS} eu-west-1`]);
    const listed = { managementAccountId: MANAGEMENT, regions: ["eu-west-1"], accountIds: [LAB] };
    assert.deepEqual(await places(all, { expected: listed }), [`${MANAGEMENT} eu-west-1`, `${LAB} eu-west-1`]);
  });

  it("leaves out accounts that are exempt, by id, name or organizational unit", async () => {
    const all = [account(PAYMENTS, { name: "payments" }), account(WEB, { name: "web", path: ["Sandbox"] }), account(LAB, { name: "lab" })];
    const settings = guardSettings({ exemptAccounts: ["payments", LAB], exemptOrganizationalUnits: ["Sandbox"] });
    assert.deepEqual(await places(all, { settings }), []);
  });

  it("has a new account at once, and says that its role may not be there yet", async () => {
    const [first] = await planned([account(PAYMENTS), account(LAB, { joined: ago(2), swept: undefined })].slice(1));
    assert.deepEqual(first?.place, { accountId: LAB, region: "eu-west-1", planned: new Date(NOW).toISOString(), isNew: true });
  });

  it("is over at once for a few, and spread evenly over a quarter of an hour for 100,000", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{12}$/), fc.nat(200_000), (accountId, count) => {
        const delay = delayOf({ accountId, region: "eu-west-1" }, count);
        assert.ok(Number.isInteger(delay) && delay >= 0 && delay <= 900 && (count >= 100 || delay === 0));
      }),
    );
    const perSecond = new Map<number, number>();
    for (let index = 0; index < 100_000; index++) {
      const delay = delayOf({ accountId: String(100_000_000_000 + index), region: "eu-west-1" }, 100_000);
      perSecond.set(delay, (perSecond.get(delay) ?? 0) + 1);
    }
    assert.equal(perSecond.size, 901);
    assert.ok(Math.max(...perSecond.values()) < 200);
  });
});

describe("the accounts of a sweep", () => {
  it("are those of the table, without asking AWS Organizations", async () => {
    const memory = new MemoryTable();
    await new AccountTable(memory.client, "episodes").write(account(PAYMENTS));
    memory.items.set("heartbeat#1", { pk: { S: "heartbeat#1" } });
    const stored = (): Promise<readonly AccountRecord[]> => storedAccounts(memory.client, "episodes");
    const found = await knownAccounts(
      stored,
      () => {
        throw new Error("asked AWS Organizations");
      },
      NOW,
    );
    assert.deepEqual(
      found.map(({ id, status }) => [id, status]),
      [[PAYMENTS, "ACTIVE"]],
    );
  });

  it("are listed by AWS Organizations while no daily sweep has written them down, so that the first hour is not blind", async () => {
    const list = async function* () {
      yield [account(PAYMENTS, { swept: undefined })];
      yield [account(WEB, { swept: undefined })];
    };
    const found = await knownAccounts(async () => [account(LAB, { swept: undefined })], list, NOW);
    assert.equal((await places(found)).length, 4);
  });
});

/** A queue that takes only some messages at a time. */
class Queue {
  readonly taken: SweptPlace[] = [];
  readonly delays: (number | undefined)[] = [];
  requests = 0;
  constructor(private readonly takes: (request: number, index: number) => boolean = () => true) {}

  readonly send = async (command: unknown): Promise<unknown> => {
    assert.ok(command instanceof SendMessageBatchCommand);
    const request = this.requests++;
    const { Entries = [] } = command.input;
    assert.ok(Entries.length <= 10 && new Set(Entries.map(({ Id }) => Id)).size === Entries.length);
    const Failed = Entries.filter((_, index) => !this.takes(request, index));
    for (const entry of Entries.filter((one) => !Failed.includes(one))) {
      this.taken.push(JSON.parse(entry.MessageBody ?? "") as SweptPlace);
      this.delays.push(entry.DelaySeconds);
    }
    return { Failed: Failed.map(({ Id }) => ({ Id })) };
  };
}

const many = (count: number): Planned[] =>
  Array.from({ length: count }, (_, index) => ({
    place: { accountId: String(100_000_000_000 + index), region: "eu-west-1", planned: new Date(NOW).toISOString() },
    delay: index % 901,
  }));

const send = (queue: Queue, all: readonly Planned[], hasTime = (): boolean => true): Promise<number> =>
  sendPlanned({ sqs: queue as never, queueUrl: "https://sqs/sweeps", hasTime, log: () => undefined }, all);

describe("sending somebody to each place", () => {
  it("takes a request for ten of them", async () => {
    const queue = new Queue();
    assert.equal(await send(queue, many(95)), 0);
    assert.equal(queue.requests, 10);
    assert.equal(new Set(queue.taken.map(({ accountId }) => accountId)).size, 95);
    assert.deepEqual(
      queue.delays.toSorted((left, right) => Number(left) - Number(right)),
      many(95).map(({ delay }) => delay),
    );
  });

  it("sends again what the queue did not take, and nothing twice", async () => {
    const queue = new Queue((request, index) => request > 0 || index % 2 === 0);
    assert.equal(await send(queue, many(10)), 0);
    assert.equal(queue.taken.length, 10);
    assert.equal(new Set(queue.taken.map(({ accountId }) => accountId)).size, 10);
  });

  it("says how many are left, of an outage or when time runs out; one bad request holds up no other", async () => {
    const broken = new Queue();
    const { send: works } = broken;
    const down = Object.assign(broken, {
      send: async (command: SendMessageBatchCommand) => {
        if (command.input.Entries?.some(({ MessageBody }) => MessageBody?.includes("100000000003"))) throw new Error("down");
        return works(command);
      },
    });
    assert.equal(await send(down, many(40)), 10);
    assert.equal(down.taken.length, 30);
    let time = 3;
    assert.equal(await send(new Queue(), many(100), () => time-- > 0), 70);
  });
});
