import assert from "node:assert/strict";
import type { GraphResource } from "../../sandbox/types";
import { control, imported } from "../support/lines";
import { OpenSandbox } from "../support/open-sandbox";

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
  let open: OpenSandbox;
  let findings = 0;

  before(async () => {
    open = await OpenSandbox.open();
  });
  after(() => open.close());

  /** Plays an alert of a new finding, and the schedules; answers the refusals that this caused. */
  async function scenario(): Promise<readonly string[]> {
    const { denied } = open.sandbox.cloud;
    const before = denied.length;
    await open.play(
      imported(control(`least-${++findings}`, {}, open.minutes)),
      ...["accounts", "reminders", "reconcile"].map((run) => ({ run })),
    );
    return denied.slice(before).map(({ principal, action }) => `${principal.split("/").at(-1)} ${action}`);
  }

  function grants(): Grant[] {
    const policies = open.sandbox.deployment.resources.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
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
    await open.sandbox.cloud.provisioner.create({
      ...policy,
      inputs: { ...policy.inputs, policy: JSON.stringify({ ...document, Statement }) },
    });
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
      await open.sandbox.runtime.advanceTo(open.sandbox.runtime.now() + 3 * 3_600_000);
    }
  });
});
