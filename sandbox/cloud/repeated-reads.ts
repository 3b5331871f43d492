import type { RawAnswer } from "./answer";
import { isRead } from "./cloud-trail";
import type { RawRequest, Understood } from "./request";

/**
 * Reads whose answers change by nothing but writes to the same service. Not among them: what changes with time (instances that start), and reads of many pages
 * that a token ties together.
 */
const REPEATABLE: ReadonlySet<string> = new Set([
  ...["dynamodb:GetItem", "dynamodb:Query"],
  ...["ec2:DescribeSecurityGroups", "ec2:DescribeSecurityGroupRules", "ec2:DescribeVpcs"],
]);

/** Answers kept for each service and account. */
const MOST = 500;

/**
 * Answers of reads that are asked again and again without anything having been written in between, as the schedules of a quiet month do: they need not be asked of the
 * emulator twice.
 */
export class RepeatedReads {
  readonly #answers = new Map<string, Map<string, Promise<RawAnswer>>>();

  /** The answer to a read as it was before, or else what `ask` answers; a write forgets what was read. */
  answer(raw: RawRequest, asked: Understood, account: string, ask: () => Promise<RawAnswer>): Promise<RawAnswer> {
    const owner = `${asked.service} ${account}`;
    const operation = asked.operation ?? "";
    if (!isRead(operation)) {
      this.#answers.delete(owner);
      return ask();
    }
    if (!REPEATABLE.has(`${asked.service}:${operation}`)) {
      return ask();
    }
    const known = this.#answers.get(owner) ?? new Map<string, Promise<RawAnswer>>();
    this.#answers.set(owner, known);
    const key = `${asked.region} ${operation} ${raw.target} ${raw.body.toString("latin1")}`;
    const answer = known.get(key) ?? ask();
    if (known.size >= MOST) {
      known.clear();
    }
    known.set(key, answer);
    answer.catch(() => known.delete(key));
    return answer;
  }
}
