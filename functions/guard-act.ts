import { setTimeout as pause } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { STSClient } from "@aws-sdk/client-sts";
import { required, requiredJson } from "./environment";
import type { ActAnswer, ActParts } from "./guard/act-parts";
import { keep, putBack } from "./guard/acting";
import { membersBy } from "./guard/member";
import type { GuardSettings } from "./guard/settings";
import { GuardTable } from "./guard/table";
import { undo } from "./guard/undoing";
import { log } from "./log";

/** What is to be done about a change. */
export interface ActInput {
  /** Id of the change; the ids of the calls that were made for it (`<id>-undo`) will do as well. */
  readonly changeId: string;
  /** Take back what it added; leave it (approved by somebody, or nobody answered); or undo taking it back. */
  readonly task: "put-back" | "keep" | "undo";
  /** Who decided: a Slack user or an ARN. Absent: the settings, or for `keep` that nobody answered. */
  readonly by?: string;
}

/** Acts on a change of a security group, in the account where it is. Every task is safe to repeat. */
export function createHandler(): (input: ActInput) => Promise<ActAnswer> {
  const parts: ActParts = {
    settings: requiredJson<GuardSettings>("GUARD"),
    table: new GuardTable(new DynamoDBClient({}), required("GUARD_TABLE")),
    members: membersBy({ sts: new STSClient({}), externalId: required("EXTERNAL_ID"), now: Date.now }),
    now: Date.now,
    pause: (milliseconds) => pause(milliseconds),
    log,
  };
  return async ({ changeId, task, by }) => {
    const [id = ""] = String(changeId).split("-");
    const answer = await perform(parts, id, task, by);
    log({ kind: "task", change: id, task, by, ...answer });
    return answer;
  };
}

function perform(parts: ActParts, id: string, task: ActInput["task"], by: string | undefined): Promise<ActAnswer> {
  switch (task) {
    case "put-back":
      return putBack(parts, id, by);
    case "keep":
      return keep(parts, id, by);
    case "undo":
      return undo(parts, id, by ?? "somebody");
    default:
      throw new Error(`there is no task ${JSON.stringify(task)}`);
  }
}
