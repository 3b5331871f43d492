import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { type Release, releasing } from "./changes";
import { type Held, heldFor, type Wanted } from "./held";
import type { StormKind } from "./key";

/** The held episodes in the table. */
export class HeldEpisodes {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /** Those of a kind that are held for a flush, in no order: as many as fit into one message, or exactly those that are asked for. */
  heldFor(storm: StormKind, flushAt: number, wanted: Wanted): Promise<readonly Held[]> {
    return heldFor(this.client, this.tableName, storm, flushAt, wanted);
  }

  /** Records that people were told. Nothing to do if somebody else has taken the episode over. */
  async release(key: string, release: Release): Promise<void> {
    try {
      await this.client.send(new UpdateItemCommand({ TableName: this.tableName, Key: { pk: { S: key } }, ...releasing(release) }));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) {
        throw error;
      }
    }
  }
}
