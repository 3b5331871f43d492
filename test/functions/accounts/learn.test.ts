import assert from "node:assert/strict";
import { isCreatedAccount } from "../../../functions/accounts/created";
import { learnAccount } from "../../../functions/accounts/learn";
import { AccountTable } from "../../../functions/accounts/table";
import type { AccountInfo } from "../../../functions/alert";
import { NotAFinding } from "../../../functions/normalize/not-a-finding";
import { MemoryTable } from "../../support/table";

class Bench {
  readonly memory = new MemoryTable();
  readonly table = new AccountTable(this.memory.client, "episodes");
  readonly logged: Record<string, unknown>[] = [];
  ask = async (id: string): Promise<AccountInfo> => ({ id, name: "shop", path: ["Production"], organizationalUnitIds: ["r-root", "ou-1"] });

  learn(event: unknown): Promise<void> {
    return learnAccount(event, { table: this.table, ask: (id) => this.ask(id), log: (entry) => void this.logged.push(entry) });
  }
}

/** As AWS documents it, with the name hidden. */
const created = (status: Readonly<Record<string, unknown>> = {}) => ({
  id: "created-1",
  source: "aws.organizations",
  "detail-type": "AWS Service Event via CloudTrail",
  account: "111111111111",
  region: "us-east-1",
  time: "2026-03-02T08:59:30Z",
  detail: {
    eventSource: "organizations.amazonaws.com",
    eventName: "CreateAccountResult",
    serviceEventDetails: {
      createAccountStatus: {
        id: "car-examplecreateaccountrequestid111",
        state: "SUCCEEDED",
        accountName: "****",
        accountId: "777777777777",
        requestedTimestamp: "Mar 2, 2026 8:59:00 AM",
        completedTimestamp: "Mar 2, 2026 8:59:20 AM",
        ...status,
      },
    },
  },
});

describe("a new account", () => {
  it("is known at once by name and place, which Organizations is asked for because its event hides the name", async () => {
    const bench = new Bench();
    assert.ok(isCreatedAccount(created()));
    await bench.learn(created());
    assert.deepEqual(bench.memory.requests, ["UpdateItem"]);
    const { path, organizationalUnitIds, ...item } = bench.memory.items.get("account#777777777777") ?? {};
    assert.ok(path && organizationalUnitIds);
    assert.deepEqual(item, {
      pk: { S: "account#777777777777" },
      id: { S: "777777777777" },
      name: { S: "shop" },
      joined: { S: "2026-03-02T08:59:20.000Z" },
      status: { S: "ACTIVE" },
    });
    assert.equal(bench.logged.at(-1)?.reason, "account");
  });

  it("comes again while Organizations does not answer, unless the event names it", async () => {
    const bench = new Bench();
    bench.ask = () => Promise.reject(new Error("TooManyRequestsException"));
    await assert.rejects(bench.learn(created()), /TooManyRequests/);
    assert.equal(bench.memory.items.size, 0);
    await bench.learn(created({ accountName: "shop" }));
    assert.equal((await bench.table.read("777777777777"))?.name, "shop");
  });

  it("that could not be created is none", async () => {
    const bench = new Bench();
    await bench.learn(created({ state: "FAILED", accountId: undefined, failureReason: "EMAIL_ALREADY_EXISTS" }));
    assert.deepEqual(bench.memory.requests, []);
  });

  it("without an id is refused", async () => {
    await assert.rejects(new Bench().learn(created({ accountId: "****" })), NotAFinding);
  });

  it("is nothing but the result of its creation", () => {
    for (const event of [
      { source: "aws.organizations", detail: { eventName: "MoveAccount" } },
      { ...created(), source: "mine" },
      null,
      7,
      [],
    ]) {
      assert.ok(!isCreatedAccount(event));
    }
  });
});
