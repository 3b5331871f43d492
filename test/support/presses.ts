import { createHmac } from "node:crypto";
import { DeleteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { LambdaFunctionURLEvent } from "aws-lambda";
import type { Approver } from "../../functions/buttons/approvers";
import { Buttons, type Reply } from "../../functions/buttons/buttons";
import { SigningSecret } from "../../functions/buttons/secret";
import { undoName } from "../../functions/buttons/undo-name";
import type { ChangeRecord } from "../../functions/guard/record";
import { GuardTable } from "../../functions/guard/table";
import { Secrets } from "../../functions/outgoing/secrets";
import { secretsManager } from "./deliveries";
import { MemoryTable } from "./table";

export const SECRET = "8f742231b10e8888abcd99yyyzzz85a5";

/** The guard's table in memory. */
export function guardTable(memory = new MemoryTable()): GuardTable {
  const client = {
    send: async (command: unknown) => {
      if (command instanceof DeleteItemCommand) {
        return { deleted: memory.items.delete(command.input.Key?.pk?.S ?? "") };
      }
      return memory.client.send(command as never);
    },
  };
  return new GuardTable(client as unknown as DynamoDBClient, "guard");
}

/** A request as Slack sends it. */
export interface Pressed {
  readonly button?: string;
  readonly user?: string;
  readonly userName?: string;
  readonly change?: string;
  /** Sent so long ago, in seconds; negative: its time is ahead. */
  readonly age?: number;
  readonly secret?: string;
  readonly base64?: boolean;
}

type Event = Partial<LambdaFunctionURLEvent>;

/** A function URL's event with a body that is signed. */
export function signed(body: string, now: number, { age = 0, secret = SECRET, base64 = true }: Pressed = {}): Event {
  const timestamp = String(Math.floor(now / 1_000) - age);
  const signature = `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
  return {
    headers: { "x-slack-request-timestamp": timestamp, "x-slack-signature": signature },
    body: base64 ? Buffer.from(body).toString("base64") : body,
    isBase64Encoded: base64,
  };
}

/** The buttons on a table in memory, with everything that they had done at hand. */
export class ButtonsBench {
  readonly table = guardTable();
  readonly resumed: unknown[] = [];
  readonly undone: string[] = [];
  /** Names of executions, which Step Functions starts once each. */
  readonly executions = new Set<string>();
  readonly said: string[] = [];
  readonly logged: Record<string, unknown>[] = [];
  /** Values of secrets by name; a test may rotate them. */
  readonly manager = secretsManager({ signing: SECRET });
  now = Date.parse("2026-03-01T09:05:00.000Z");
  /** Whether the workflow still waits; a test may let it fail. */
  waits: () => boolean = () => true;
  private requests = 0;
  readonly buttons: Buttons;

  constructor(approvers: readonly Approver[] = ["U0123456789", { user: "UALICE00000", identities: ["Alice@Example.com"] }]) {
    this.buttons = new Buttons({
      approvers,
      secret: new SigningSecret(new Secrets(this.manager.client, () => this.now), "signing", () => this.now),
      table: this.table,
      resume: async (token, answer) => {
        if (!this.waits()) return false;
        this.resumed.push({ token, ...answer });
        return true;
      },
      startUndo: async (change, by) => {
        const name = undoName(change);
        if (this.executions.has(name)) return false;
        this.executions.add(name);
        this.undone.push(`${change.id} by ${by}`);
        return true;
      },
      answer: async (_address, text) => void this.said.push(text),
      now: () => this.now,
      log: (entry) => void this.logged.push(entry),
    });
  }

  request({ button = "tocsin-approve", user = "U0123456789", userName = "bob", change = "k3x7qamz2bpt", ...how }: Pressed = {}): Event {
    const payload = {
      type: "block_actions",
      user: { id: user, username: userName },
      actions: [{ type: "button", action_id: button, value: change }],
      response_url: "https://hooks.slack.com/actions/T0/1/abc",
      trigger_id: String(++this.requests),
    };
    return signed(new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), this.now, how);
  }

  press(pressed: Pressed = {}): Promise<Reply> {
    return this.buttons.take(this.request(pressed));
  }

  /** Why the last press led to nothing, or what it led to. */
  get outcome(): string {
    const { accepted, reason } = this.logged.at(-1) ?? {};
    return `${accepted === true ? "accepted" : "refused"}: ${reason}`;
  }

  async status(id = "k3x7qamz2bpt"): Promise<ChangeRecord["status"] | undefined> {
    return (await this.table.change(id))?.status;
  }
}
