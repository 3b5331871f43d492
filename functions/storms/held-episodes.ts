import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { isoAfter } from "../duration";
import { LEASE } from "../episodes/lease";
import type { UpdateExpression } from "../episodes/update-expression";
import { handingBack, type Release, releasing } from "./changes";
import { type Held, heldFor } from "./held";
import type { StormKind } from "./key";

/** The held episodes in the table. */
export class HeldEpisodes {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /** Those of a kind that are held for a flush, in no order. */
  heldFor(storm: StormKind, flushAt: number): Promise<readonly Held[]> {
    return heldFor(this.client, this.tableName, storm, flushAt);
  }

  /** Records that people were told. Nothing to do if somebody else has taken the episode over. */
  async release(key: string, release: Release): Promise<void> {
    await this.update(key, releasing(release));
  }

  /** Takes an episode out of the storm for as long as a workflow may take. Answers false if somebody else has taken it over. */
  handBack({ record: { key, claim } }: Held, by: string, now: number): Promise<boolean> {
    return this.update(key, handingBack(claim.telling, by, isoAfter(now, LEASE)));
  }

  private async update(key: string, expression: UpdateExpression): Promise<boolean> {
    try {
      await this.client.send(new UpdateItemCommand({ TableName: this.tableName, Key: { pk: { S: key } }, ...expression }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return false;
      }
      throw error;
    }
  }
}
