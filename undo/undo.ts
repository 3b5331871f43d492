import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { physicalName } from "../components/names";
import type { ActAnswer } from "../functions/guard/act-parts";
import type { ActInput } from "../functions/guard-act";

/** What asking for an undo takes. */
export interface UndoClients {
  readonly lambda: Pick<LambdaClient, "send">;
  readonly sts: Pick<STSClient, "send">;
}

/** Has the function that acts in the members undo a change, in the name of whoever's credentials these are. @throws what AWS or the function refuses. */
export async function undoChange({ lambda, sts }: UndoClients, id: string): Promise<ActAnswer> {
  const { Arn: by = "unknown" } = await sts.send(new GetCallerIdentityCommand({}));
  const input: ActInput = { changeId: id, task: "undo", by };
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: physicalName("guard-act"), Payload: Buffer.from(JSON.stringify(input)) }),
  );
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString() || "null");
  if (FunctionError !== undefined) {
    throw new Error(`it may have been done in part, and is safe to repeat: ${answer?.errorMessage ?? FunctionError}`);
  }
  return answer as ActAnswer;
}

/** The answer as a sentence. */
export const sentence = (id: string, { refused, done }: ActAnswer): string =>
  refused === undefined ? `Undone: tocsin ${done} (change ${id}).` : `Refused: ${refused} (change ${id}).`;
