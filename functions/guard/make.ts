import type { Step } from "../security-groups/put-back";
import type { ActParts } from "./act-parts";
import { callsFor, type Ec2Call } from "./ec2-calls";
import { type Ec2, guardRoleArn } from "./member";
import type { ChangeRecord } from "./record";

/** Makes steps, each call logged. Throws what EC2 refuses; then nothing of that call was done. */
export async function makeCalls(
  parts: Pick<ActParts, "log">,
  ec2: Ec2,
  record: ChangeRecord,
  steps: readonly Step[],
  isUndo: boolean,
): Promise<void> {
  for (const call of callsFor(record.groupId, steps)) {
    await call.send(ec2);
    logCall(parts, record, call, isUndo);
  }
}

/** Logs the calls of steps that an attempt made which may have crashed before it could log them: twice rather than never. */
export function logCalls(parts: Pick<ActParts, "log">, record: ChangeRecord, steps: readonly Step[], isUndo: boolean): void {
  for (const call of callsFor(record.groupId, steps)) {
    logCall(parts, record, call, isUndo);
  }
}

/** Every call that changes a group has an undo, or undoes another. */
function logCall(
  { log }: Pick<ActParts, "log">,
  { id, accountId, region }: ChangeRecord,
  { operation, input }: Ec2Call,
  isUndo: boolean,
): void {
  log({
    kind: "change",
    id: isUndo ? `${id}-undo` : id,
    ...{ accountId, region, service: "ec2", operation, input },
    by: guardRoleArn(accountId, region),
    undo: isUndo ? null : id,
    undoes: isUndo ? id : null,
  });
}
