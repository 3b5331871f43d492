import { setTimeout as pause } from "node:timers/promises";
import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { type Place, stateMachineArn } from "../components/names";
import type { ActAnswer } from "../functions/guard/act-parts";

/** What asking for an undo takes. */
export interface UndoClients {
  readonly sfn: Pick<SFNClient, "send">;
  readonly sts: Pick<STSClient, "send">;
  /** Milliseconds since the epoch. Default: the clock. */
  readonly now?: () => number;
  /** Waits, for milliseconds. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/** How long an answer is waited for, in milliseconds: EC2 takes seconds, and a step that failed is tried again for some minutes. */
const PATIENCE = 300_000;

/** Pause between looks, in milliseconds. */
const PAUSE = 500;

/**
 * Has the workflow "guard" undo a change, in the name of whoever's credentials these are, and waits for it: the same workflow as after a press, so that the channels
 * hear of it as well, whatever becomes of the command.
 * @param region the home Region.
 * @throws what AWS refuses, and what the workflow could not do.
 */
export async function undoChange({ sfn, sts, now = Date.now, wait = pause }: UndoClients, region: string, id: string): Promise<ActAnswer> {
  const { Arn: by = "unknown", Account: account = "" } = await sts.send(new GetCallerIdentityCommand({}));
  const place: Place = { account, region };
  const started = now();
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({
      stateMachineArn: stateMachineArn(place, "guard"),
      // Step Functions starts one of a name only; a second try is another one.
      name: `${id}-undo-at-${started}`,
      input: JSON.stringify({ changeId: id, task: "undo", by }),
    }),
  );
  do {
    await wait(PAUSE);
    const { status, output, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status === "SUCCEEDED") {
      return JSON.parse(output ?? "{}").undone.Payload as ActAnswer;
    }
    if (status !== "RUNNING") {
      throw new Error(
        `it may have been done in part, and is safe to repeat: the workflow ended as ${status} (${cause ?? error ?? "no reason"})`,
      );
    }
  } while (now() < started + PATIENCE);
  throw new Error("it is still being done; run the command again in some minutes to see what became of it");
}

/** The answer as a sentence. */
export const sentence = (id: string, { refused, done }: ActAnswer): string =>
  refused === undefined ? `Undone: tocsin ${done} (change ${id}).` : `Refused: ${refused} (change ${id}).`;
