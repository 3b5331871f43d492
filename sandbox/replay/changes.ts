import { isRead } from "../cloud/cloud-trail";
import { sdkInput } from "../cloud/ec2-input";
import type { ObservedCall } from "../types";
import type { ChangeLine } from "./log-lines";
import type { ChangeEntry } from "./report";

/** Services in which functions use only what tocsin itself consists of; in Security Hub it keeps which findings were told. */
const OWN: ReadonlySet<string> = new Set([
  ...["dynamodb", "sqs", "sns", "ses", "states", "lambda", "events", "scheduler", "secretsmanager", "kms"],
  ...["logs", "monitoring", "xray", "sts", "organizations", "securityhub"],
]);

interface Call {
  readonly entry: Omit<ChangeEntry, "id" | "undo" | "undoes">;
  readonly trace: string | undefined;
  line?: ChangeLine;
}

/** The calls by which functions changed something that is not tocsin's own, and what they said of them. */
export class Changes {
  readonly #calls: Call[] = [];

  /** @param isOwnBucket whether the stack has this bucket. */
  constructor(private readonly isOwnBucket: (name: string) => boolean) {}

  observed(at: number, { call, status }: ObservedCall): void {
    const { service, operation, account, region, input, principal, trace } = call;
    const isOwn = OWN.has(service) || (service === "s3" && this.isOwnBucket(String(input.Bucket)));
    if (status >= 300 || isOwn || isRead(operation) || !principal.includes(":role/")) {
      return;
    }
    this.#calls.push({
      entry: {
        at: new Date(at).toISOString(),
        accountId: account,
        region,
        service,
        operation,
        input: service === "ec2" ? sdkInput(operation, input) : input,
        by: principal,
      },
      trace,
    });
  }

  /** What a function said of a call: of the first one of its kind that nothing was said of, in this invocation or, after a crash, in an earlier one. */
  log(line: ChangeLine, trace: string): void {
    const open = this.#calls.filter(
      ({ entry, line: said }) =>
        said === undefined &&
        entry.accountId === line.accountId &&
        entry.region === line.region &&
        entry.service === line.service &&
        entry.operation === line.operation,
    );
    const call = open.find((one) => one.trace === trace) ?? open[0];
    if (call !== undefined) {
      call.line = line;
    }
  }

  get entries(): ChangeEntry[] {
    return this.#calls.map(({ entry: { at, accountId, region, ...what }, line }) => ({
      at,
      accountId,
      region,
      id: line?.id ?? null,
      ...what,
      undo: line?.undo ?? null,
      undoes: line?.undoes ?? null,
    }));
  }

  /** What can still be undone, newest first. */
  get undoable(): string[] {
    const { entries } = this;
    const undone = new Set(entries.flatMap(({ undoes }) => undoes ?? []));
    const able = entries.flatMap(({ id, undo, undoes }) =>
      undo === null || undoes !== null || undone.has(undo) || undone.has(id ?? "") ? [] : undo,
    );
    return [...new Set(able.reverse())];
  }
}
