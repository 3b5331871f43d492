import type { Sandbox } from "../sandbox/sandbox";
import type { ObservedCall } from "../sandbox/types";
import type { Usage } from "./bill";
import { type Item, indexWrites, itemBytes, writeUnits } from "./item-size";
import { expressGigabyteSeconds, lambdaGigabyteSeconds, logGigabytes } from "./unseen";

export const TABLE = "tocsin-episodes";

/** What happened while something was measured. */
export interface Measured {
  /** Calls of functions and workflows by `service:Operation`. */
  readonly calls: Readonly<Record<string, number>>;
  readonly dynamoDbRequests: number;
  readonly workflowStarts: number;
  readonly invocations: number;
  readonly usage: Usage;
}

/** The sandbox's counters at one moment. */
interface Snapshot {
  readonly calls: Readonly<Record<string, number>>;
  readonly invocations: number;
  readonly milliseconds: number;
  readonly express: number;
  readonly standardTransitions: number;
  readonly sqs: number;
  readonly bus: number;
}

/** Reads the sandbox's own counters, and watches the calls for what has a size. */
export class Meter {
  #logLines = 0;
  #logBytes = 0;
  #indexWrites = 0;
  /** Keys of the items that were written, once for each write. */
  #written: string[] = [];

  constructor(private readonly sandbox: Sandbox) {
    sandbox.runtime.listen({
      log: ({ text }) => {
        const lines = text.split("\n").filter((line) => line !== "");
        this.#logLines += lines.length;
        this.#logBytes += lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
      },
    });
    sandbox.cloud.observe((observed) => this.#see(observed));
  }

  /** Measures what a piece of work causes until all is quiet. */
  async during(work: () => Promise<void>): Promise<Measured> {
    this.#logLines = 0;
    this.#logBytes = 0;
    this.#indexWrites = 0;
    this.#written = [];
    const before = this.#snapshot();
    await work();
    await this.sandbox.runtime.quiet();
    await this.sandbox.runtime.settle();
    return this.#measured(before, this.#snapshot(), await this.#tableWrites());
  }

  /** All items of the table. */
  async items(): Promise<readonly Item[]> {
    const { Items } = (await this.sandbox.cloud.call(this.sandbox.home, "dynamodb", "Scan", { TableName: TABLE })) as { Items?: Item[] };
    return Items ?? [];
  }

  #measured(before: Snapshot, after: Snapshot, tableWrites: number): Measured {
    const calls = Object.fromEntries(
      Object.entries(after.calls)
        .map(([name, count]) => [name, count - (before.calls[name] ?? 0)] as const)
        .filter(([, count]) => count > 0),
    );
    const of = (service: string): number =>
      Object.entries(calls).reduce((sum, [name, count]) => sum + (name.startsWith(`${service}:`) ? count : 0), 0);
    const invocations = after.invocations - before.invocations;
    const express = after.express - before.express;
    const standardTransitions = after.standardTransitions - before.standardTransitions;
    return {
      calls,
      dynamoDbRequests: of("dynamodb"),
      workflowStarts: (calls["states:StartExecution"] ?? 0) + (calls["states:StartSyncExecution"] ?? 0),
      invocations,
      usage: {
        writeUnits: tableWrites + this.#indexWrites,
        readUnits: calls["dynamodb:GetItem"] ?? 0,
        sqsRequests: after.sqs - before.sqs,
        lambdaRequests: invocations,
        lambdaGigabyteSeconds: lambdaGigabyteSeconds(after.milliseconds - before.milliseconds, calls),
        expressExecutions: express,
        expressGigabyteSeconds: expressGigabyteSeconds(express),
        standardTransitions,
        busEvents: after.bus - before.bus,
        mails: calls["ses:SendEmail"] ?? 0,
        logGigabytes: logGigabytes({ lines: this.#logLines, bytes: this.#logBytes, invocations }),
      },
    };
  }

  #snapshot(): Snapshot {
    const { cloud, runtime } = this.sandbox;
    const { lambda, states, sqs, bus } = runtime.counters;
    return { calls: { ...cloud.counters }, ...lambda, ...states, sqs, bus };
  }

  /** A write is billed by the size of its item, whether its condition held or not. */
  async #tableWrites(): Promise<number> {
    const sizes = new Map((await this.items()).map((item) => [String(item.pk?.S), itemBytes(item)]));
    return this.#written.reduce((sum, key) => sum + writeUnits(sizes.get(key) ?? 0), 0);
  }

  #see({ call: { service, operation, input }, answer }: ObservedCall): void {
    if (service !== "dynamodb") {
      return;
    }
    const { Key, Item: item, Statements, UpdateExpression } = input as WriteInput;
    if (operation === "UpdateItem") {
      this.#written.push(String(Key?.pk?.S));
      this.#indexWrites += indexWrites(String(UpdateExpression), (answer as { Attributes?: Item } | undefined)?.Attributes);
    } else if (operation === "PutItem") {
      this.#written.push(String(item?.pk?.S));
    } else if (operation === "BatchExecuteStatement") {
      // Each statement is one write. Ours name the key last.
      this.#written.push(...(Statements ?? []).map(({ Parameters }) => String(Parameters?.at(-1)?.S)));
    } else if (!READS.has(operation)) {
      throw new Error(`The meter does not know how DynamoDB bills ${operation}.`);
    }
  }
}

const READS: ReadonlySet<string> = new Set(["GetItem", "Query", "Scan"]);

interface WriteInput {
  readonly Key?: Item;
  readonly Item?: Item;
  readonly Statements?: readonly { readonly Parameters?: readonly { readonly S?: string }[] }[];
  readonly UpdateExpression?: string;
}
