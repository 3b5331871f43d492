import assert from "node:assert/strict";
import { readStack } from "../../sandbox/deployable";
import { parseReplay } from "../../sandbox/replay/parse";
import { Replay } from "../../sandbox/replay/replay";
import { openSandbox, type Sandbox } from "../../sandbox/sandbox";
import type { GraphResource } from "../../sandbox/types";
import { control, imported } from "../support/lines";

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
}

/** One statement of one role's policy. */
interface Grant {
  readonly policy: GraphResource;
  readonly role: string;
  readonly statement: Statement;
}

/** Every statement that an alert, its write-back, a reminder or a reconciliation needs; the others are for failures and for AWS's own calls. */
const EXERCISED: Readonly<Record<string, readonly string[]>> = {
  "tocsin-triage": ["UsesTable", "StartsAlert"],
  "tocsin-enrich": ["UsesTable"],
  "tocsin-deliver-email": ["SendsMail"],
  "tocsin-mark": ["MarksFindings", "UsesTable"],
  "tocsin-reconcile": ["UsesTable", "AsksSecurityHub"],
  "tocsin-reminders": ["ReadsDue"],
  "tocsin-accounts": ["UsesTable", "AsksOrganizations"],
};

describe("least privilege", function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let replay: Replay;
  let close = async (): Promise<void> => undefined;
  let findings = 0;

  before(async () => {
    sandbox = await openSandbox({ stack: readStack("sandbox"), progress: () => undefined, onOpened: (closer) => void (close = closer) });
    replay = new Replay(sandbox);
  });
  after(() => close());

  /** Plays an alert of a new finding, and the schedules; answers the refusals that this caused. */
  async function scenario(): Promise<readonly string[]> {
    const before = sandbox.cloud.denied.length;
    const minutes = (sandbox.runtime.now() - Date.parse("2026-03-01T09:00:00Z")) / 60_000;
    const lines = [
      imported(control(`least-${++findings}`, {}, minutes)),
      ...["accounts", "reminders", "reconcile"].map((run) => ({ run })),
    ];
    for (const line of parseReplay(lines.map((one) => `${JSON.stringify(one)}\n`).join(""), "lines")) {
      await replay.play(line);
    }
    return sandbox.cloud.denied.slice(before).map(({ principal, action }) => `${principal.split("/").at(-1)} ${action}`);
  }

  function grants(): Grant[] {
    const policies = sandbox.deployment.resources.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    return policies.flatMap((policy) => {
      const role = String(policy.inputs.role);
      const { Statement } = JSON.parse(String(policy.inputs.policy)) as { Statement: Statement[] };
      return Statement.filter(({ Sid }) => EXERCISED[role]?.includes(Sid)).map((statement) => ({ policy, role, statement }));
    });
  }

  /** Puts a role's policy, with or without one of its statements. */
  async function put({ policy, statement }: Grant, without: boolean): Promise<void> {
    const document = JSON.parse(String(policy.inputs.policy)) as { Statement: Statement[] };
    const Statement = document.Statement.filter(({ Sid }) => !without || Sid !== statement.Sid);
    await sandbox.cloud.provisioner.create({ ...policy, inputs: { ...policy.inputs, policy: JSON.stringify({ ...document, Statement }) } });
  }

  it("is enough: nothing is denied", async () => {
    assert.deepEqual(await scenario(), []);
  });

  it("is not more than enough: without any one of these statements, the role that had it is denied what it granted", async () => {
    const all = grants();
    assert.equal(all.length, Object.values(EXERCISED).flat().length, "a statement that is named here does not exist");
    for (const grant of all) {
      await put(grant, true);
      const denied = await scenario();
      await put(grant, false);
      const actions = [grant.statement.Action].flat();
      assert.ok(
        denied.some((refusal) => actions.some((action) => refusal === `${grant.role} ${action}`)),
        `${grant.role} did without ${grant.statement.Sid} (${actions.join(", ")}); denied: ${denied.join(", ")}`,
      );
      // What was left over by the refusals is worked off before the next one.
      await sandbox.runtime.advanceTo(sandbox.runtime.now() + 3 * 3_600_000);
    }
  });
});
