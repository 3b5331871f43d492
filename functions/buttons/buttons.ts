import type { LambdaFunctionURLEvent } from "aws-lambda";
import { type ChangeRecord, isChangeId } from "../guard/record";
import type { GuardTable } from "../guard/table";
import { type log, messageOf } from "../log";
import type { Approver } from "./approvers";
import { decide, refused, startedAlready, tooLate, type Verdict } from "./decide";
import { type Press, readPress } from "./press";
import { readRequest } from "./request";
import type { SigningSecret } from "./secret";
import { type SignedRequest, signatureId, timeFault } from "./signature";

export interface ButtonsParts {
  readonly approvers: readonly Approver[];
  readonly secret: Pick<SigningSecret, "signed">;
  readonly table: Pick<GuardTable, "change" | "updateStatus" | "firstPress">;
  /** Answers the workflow that waits with a token. Answers false if it waits no longer. */
  readonly resume: (token: string, answer: { readonly decision: "keep" | "undo"; readonly by: string }) => Promise<boolean>;
  /** Starts to restore what tocsin put back. Answers false if that was started before. */
  readonly startUndo: (change: ChangeRecord, by: string) => Promise<boolean>;
  /** Says something to the person who pressed, and to nobody else. Never throws. */
  readonly answer: (address: string | undefined, text: string) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: typeof log;
}

/** What Slack is answered. */
export interface Reply {
  readonly statusCode: number;
  readonly body: string;
}

/** How long a press is remembered, in seconds: longer than its signature counts. */
const REMEMBERED = 3_600;

const TAKEN: Reply = { statusCode: 200, body: "" };
const NOT_TAKEN: Reply = { statusCode: 401, body: "" };
const TOO_LONG: Reply = { statusCode: 413, body: "" };

const GONE = refused("unknown change", "This change is no longer known.");

/** What is said to the person when the press counts. */
const SAID = {
  keep: "Approved. The change stays as it is.",
  "put-back": "It is being put back. The message will say when it is done.",
  undo: "What was put back is being restored. The message will say when it is done.",
} as const;

/** Takes presses of the buttons in Slack. Whatever arrives, nothing is done but what an approver's own, fresh press asks for, and that once. */
export class Buttons {
  constructor(private readonly parts: ButtonsParts) {}

  /** Answers a request of the function URL. Only AWS failing makes it throw, never what arrives. */
  async take(event: Partial<LambdaFunctionURLEvent>): Promise<Reply> {
    const { secret, table, now } = this.parts;
    const request = readRequest(event);
    if (request === undefined) {
      return this.reject("too long", TOO_LONG);
    }
    const fault = timeFault(request, now());
    if (fault !== undefined) {
      return this.reject(fault);
    }
    if (!(await secret.signed(request))) {
      return this.reject("wrong signature");
    }
    if (!(await table.firstPress(signatureId(request), Math.ceil(now() / 1_000) + REMEMBERED))) {
      return this.reject("replayed");
    }
    return this.press(request);
  }

  private async press({ body }: SignedRequest): Promise<Reply> {
    const press = readPress(body);
    if (press === undefined) {
      return TAKEN;
    }
    const { button, user, change, responseUrl } = press;
    try {
      const verdict = await this.done(press);
      const reason = verdict.accepted ? verdict.does : verdict.reason;
      this.parts.log({ kind: "press", button, user, accepted: verdict.accepted, reason, change });
      await this.parts.answer(responseUrl, verdict.accepted ? SAID[verdict.does] : verdict.text);
      return TAKEN;
    } catch (error) {
      this.parts.log({ kind: "press", button, user, accepted: false, reason: "failed", change, error: messageOf(error) });
      await this.parts.answer(responseUrl, "That did not work. Nothing was changed; press again in a minute.");
      throw error;
    }
  }

  /** Decides, and has it done. */
  private async done(press: Press): Promise<Verdict> {
    if (!press.decides) {
      return refused("unknown button", "This button does nothing.");
    }
    const { approvers, table, now } = this.parts;
    const change = isChangeId(press.change) ? await table.change(press.change) : undefined;
    const verdict = decide(press, change, approvers, now());
    if (!verdict.accepted || change === undefined) {
      return verdict;
    }
    return verdict.does === "undo" ? this.undone(change, press.user) : this.answered(change, verdict.does, press.user);
  }

  /** Answers the workflow that waits. Whoever takes the change from `asked` is the one who decides. */
  private async answered(change: ChangeRecord, does: "keep" | "put-back", by: string): Promise<Verdict> {
    const { table, resume } = this.parts;
    const { accepted, before } = await table.updateStatus(change.id, ["asked"], "acting", { decidedBy: by }, ["token"]);
    if (!accepted) {
      return before === undefined ? GONE : tooLate(before);
    }
    const token = before?.token ?? "";
    const handBack = () => table.updateStatus(change.id, ["acting"], "asked", { token }, ["decidedBy"]);
    try {
      if (await resume(token, { decision: does === "keep" ? "keep" : "undo", by })) {
        return { accepted: true, does };
      }
    } catch (error) {
      await handBack();
      throw error;
    }
    await handBack();
    return refused("expired", "It is too late: nobody decided in time.");
  }

  private async undone(change: ChangeRecord, by: string): Promise<Verdict> {
    return (await this.parts.startUndo(change, by)) ? { accepted: true, does: "undo" } : startedAlready(change);
  }

  /** Says nothing to whoever sent it: they may not be Slack. */
  private reject(reason: string, reply = NOT_TAKEN): Reply {
    this.parts.log({ kind: "press", accepted: false, reason });
    return reply;
  }
}
