import assert from "node:assert/strict";
import type { AccountInfo } from "../../../functions/alert";
import { type AskingParts, accountsById } from "../../../functions/storms/accounts";
import { anAccount } from "../../support/findings";
import { START } from "../../support/triage";

const PAYMENTS = anAccount({ id: "333333333333", organizationalUnitIds: ["r-1", "ou-1"] });
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => String(400_000_000_000 + index));

/** Looks accounts up: the table knows one, AWS Organizations answers after a time. */
function asking(milliseconds: number, changes: Partial<AskingParts> = {}) {
  let now = START;
  const asked: string[] = [];
  const logged: Record<string, unknown>[] = [];
  const parts: AskingParts = {
    known: async (wanted) => new Map(wanted.filter((id) => id === PAYMENTS.id).map((id) => [id, PAYMENTS])),
    lookUp: async (id): Promise<AccountInfo> => {
      asked.push(id);
      now += milliseconds;
      return { id, name: `account ${id}`, path: ["New"], organizationalUnitIds: ["r-1", "ou-2"] };
    },
    now: () => now,
    log: (entry) => void logged.push(entry),
    ...changes,
  };
  return { asked, logged, accounts: (wanted: readonly string[]) => accountsById(parts, wanted) };
}

describe("the accounts of a storm", () => {
  it("are those of the table, and what the table does not know is asked of AWS Organizations, once each", async () => {
    const { asked, accounts } = asking(100);
    const found = await accounts([PAYMENTS.id, "444444444444", "444444444444", PAYMENTS.id]);
    assert.deepEqual(asked, ["444444444444"]);
    assert.deepEqual(found.get(PAYMENTS.id), PAYMENTS);
    assert.deepEqual(found.get("444444444444")?.path, ["New"]);
  });

  it("are asked for where only a name is known: a route may ask for the organizational unit", async () => {
    const { asked, accounts } = asking(100, { known: async () => new Map([[PAYMENTS.id, { id: PAYMENTS.id, name: "payments" }]]) });
    assert.deepEqual((await accounts([PAYMENTS.id])).get(PAYMENTS.id)?.organizationalUnitIds, ["r-1", "ou-2"]);
    assert.equal(asked.length, 1);
  });

  it("hold a storm up for a minute at most, then keep to what is known, and the log says so", async () => {
    const { asked, logged, accounts } = asking(2_000);
    const found = await accounts(ids(200));
    assert.ok(asked.length >= 30 && asked.length <= 40, String(asked.length));
    assert.equal(found.size, 200);
    assert.deepEqual(found.get(ids(200).at(-1) ?? ""), { id: ids(200).at(-1) });
    assert.match(String(logged[0]?.message), new RegExp(`^${200 - asked.length} accounts`));
  });
});
