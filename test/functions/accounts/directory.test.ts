import assert from "node:assert/strict";
import { AccountDirectory } from "../../../functions/accounts/directory";
import type { AccountInfo } from "../../../functions/alert";

const ID = "333333333333";
const WHOLE: AccountInfo = { id: ID, name: "payments", path: ["Production"], organizationalUnitIds: ["r-root", "ou-1"] };

function directory(stored: AccountInfo | undefined, ask: () => Promise<AccountInfo>) {
  const written: AccountInfo[] = [];
  const warnings: string[] = [];
  let asked = 0;
  const looked = new AccountDirectory({
    read: async () => stored,
    write: async (account) => void written.push(account),
    ask: () => {
      asked++;
      return ask();
    },
    now: () => 0,
    warn: (message) => void warnings.push(message),
  }).lookUp(ID);
  return looked.then((account) => ({ account, written, warnings, asked }));
}

const silent = (): Promise<AccountInfo> => Promise.reject(new Error("TooManyRequestsException"));

describe("the account of an alert", () => {
  it("is taken from the table without asking anybody", async () => {
    const { account, asked } = await directory({ ...WHOLE, tags: { team: "a" } }, silent);
    assert.deepEqual([account, asked], [{ ...WHOLE, tags: { team: "a" } }, 0]);
  });

  it("is asked for once where the table does not know its organizational units yet", async () => {
    const { account, written, asked } = await directory({ id: ID, name: "payments" }, async () => WHOLE);
    assert.deepEqual([account, asked], [WHOLE, 1]);
    assert.deepEqual(written, [WHOLE]);
  });

  it("has at least the name that the table knows when Organizations does not answer, else the bare id", async () => {
    assert.deepEqual((await directory({ id: ID, name: "payments" }, silent)).account, { id: ID, name: "payments" });
    assert.deepEqual((await directory(undefined, silent)).account, { id: ID });
  });
});
