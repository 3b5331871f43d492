import { setTimeout as pause } from "node:timers/promises";
import { UpdateItemCommand, type UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { StateMachine } from "aws-local-stepfunctions";
import { type AlertParts, alertDefinition } from "../../components/alert-definition";
import { accepted, type DeliveryRequest } from "../../functions/accepted";
import type { Alert } from "../../functions/alert";
import { anAccount } from "./findings";
import type { TriageBench } from "./triage";

const KINDS: Readonly<Record<string, string>> = { "soc-slack": "slack", "soc-mail": "email" };

const PARTS: AlertParts = {
  partition: "aws",
  enrich: { arn: "enrich", timeoutSeconds: 15 },
  deliver: { email: { arn: "email", timeoutSeconds: 15 }, slack: { arn: "slack", timeoutSeconds: 30 } },
  tableName: "episodes",
  undeliveredUrl: "undelivered",
  deadLetterUrl: "undelivered-dlq",
  writeBackUrl: "write-back",
};

/** The definition as it is deployed, but that nothing waits before it tries again: it fails at once. */
const DEFINITION = JSON.parse(JSON.stringify(alertDefinition(PARTS), (key, value) => (key === "Retry" ? undefined : value)));

const MACHINE = new StateMachine(DEFINITION, { validationOptions: { noValidate: true } });

/** What goes wrong in one execution. */
export interface Trouble {
  /** The task, from 0, at which the execution dies. */
  readonly dies?: number;
  /** Whether that is after the task has done its work. */
  readonly after?: boolean;
  /** Tasks that fail, by state. */
  readonly failing?: readonly string[];
}

/** The workflow "alert" on a bench: its real definition, its real writes. */
export class Workflows {
  /** Messages that channels took. */
  readonly taken: { readonly channel: string; readonly alert: Alert }[] = [];
  /** Inputs that wait in the queue of undelivered ones. */
  undelivered: unknown[] = [];

  constructor(
    readonly bench: TriageBench,
    /** Channels that are routed to. */
    readonly channels: readonly string[],
  ) {}

  /** One execution. Answers how many tasks it did, and whether it has to be run again. */
  async run(input: unknown, { dies, after = false, failing = [] }: Trouble = {}): Promise<{ tasks: number; delivered: boolean }> {
    let tasks = 0;
    let end = (): void => undefined;
    const dead = new Promise<"dead">((resolve) => {
      end = () => resolve("dead");
    });
    let isDead = false;
    const handler = (name: string, work: (given: never) => Promise<unknown>) => async (given: never) => {
      const number = tasks++;
      if (isDead) return new Promise(() => undefined);
      const die = (): Promise<never> => {
        isDead = true;
        end();
        return new Promise(() => undefined);
      };
      if (number === dies && !after) return die();
      if (failing.includes(name)) throw new Error(`${name} fails`);
      const answer = await work(given);
      return number === dies ? die() : answer;
    };
    const handlers = Object.fromEntries(Object.entries(this.#work()).map(([name, work]) => [name, handler(name, work)]));
    const run = MACHINE.run(input as never, {
      overrides: { taskResourceLocalHandlers: handlers as never },
      context: { Execution: { Name: "run" } } as never,
    });
    const outcome = await Promise.race([
      run.result.then(
        (output) => output ?? {},
        () => "failed",
      ),
      dead,
    ]);
    if (outcome === "dead") {
      run.result.catch(() => undefined);
      run.abort();
      await pause(0);
    }
    return { tasks, delivered: typeof outcome === "object" && (outcome as { delivered?: boolean }).delivered !== false };
  }

  /** The queue hands its messages over; what is not delivered stays. */
  async redeliver(trouble: Trouble = {}): Promise<void> {
    const waiting = this.undelivered;
    this.undelivered = [];
    for (const input of waiting) {
      if (!(await this.run(input, trouble)).delivered) this.undelivered.push(input);
    }
  }

  #work(): Readonly<Record<string, (given: never) => Promise<unknown>>> {
    const { bench } = this;
    const deliver = async ({ Payload: request }: { readonly Payload: DeliveryRequest }) => {
      this.taken.push({ channel: request.channel.name, alert: request.alert });
      return { Payload: accepted(request, { channelKind: "test", messageId: "1" }, bench.settings, bench.now) };
    };
    const update = async (input: UpdateItemCommandInput) => {
      try {
        await bench.table.client.send(new UpdateItemCommand(input));
      } catch (error) {
        (error as Error).name = `DynamoDB.${(error as Error).name}`;
        throw error;
      }
      return {};
    };
    const park = async ({ MessageBody }: { readonly MessageBody: unknown }) => {
      this.undelivered.push(structuredClone(MessageBody));
      return {};
    };
    const enrich = async ({ Payload: { alert } }: { readonly Payload: { readonly alert: Alert } }) => {
      const hear = alert.reason === "resolved" ? this.channels.filter((name) => name === "soc-slack" && name in alert.told) : this.channels;
      return { Payload: { account: anAccount(), channels: hear.map((name) => ({ name, kind: KINDS[name] })) } };
    };
    return {
      Enrich: enrich,
      DeliverSlack: deliver,
      DeliverEmail: deliver,
      Park: park,
      ParkAlert: park,
      Record: update,
      Settle: update,
      Hold: update,
      HoldEnd: update,
      SettleEnd: update,
      WriteBack: async () => ({}),
    };
  }
}
