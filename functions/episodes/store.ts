import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandOutput,
  ScanCommand,
  type ScanCommandOutput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Mark } from "../alert";
import type { Finding } from "../finding";
import type { Mute } from "../mutes/mutes";
import { claiming, observation, postponing, type Seen, type Times } from "./changes";
import { closing, endingAgain, retiring, settling } from "./closing";
import { recordOf } from "./item";
import { confirmationAttribute, SHARDS } from "./key";
import type { Claim, EndClaim, EpisodeRecord } from "./record";
import type { Observed, Opening } from "./rules";
import type { UpdateExpression } from "./update-expression";

/** Records that a reconciliation looks at together. */
const PAGE = 500;

const BOOKMARK = { pk: { S: "bookmark#reconcile" } };

/** The episodes table: each method that changes something is one request. */
export class EpisodeStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /** Writes down an event's finding as its opening says (not for `ignore`), claiming where that is due. */
  async open(key: string, finding: Finding, opening: Opening, claim: Claim, times: Times): Promise<Observed> {
    return this.update(
      key,
      opening.kind === "close" ? closing(key, finding, claim, times) : observation(key, finding, opening, claim, times),
    );
  }

  /** Claims an episode as it was seen. Answers false if its state has changed since. */
  async claim(seen: Seen, claim: Claim, severity: Finding["severity"]): Promise<boolean> {
    return (await this.update(seen.key, claiming(seen, claim, severity))).accepted;
  }

  /** Has the schedule look at an open episode at another time, because of a mute or not; without one, not before an event sets it. */
  async postpone(seen: EpisodeRecord, due: string | undefined, mute?: Mute): Promise<void> {
    await this.update(seen.key, postponing(seen, due, mute));
  }

  /** Closes an episode that was not active when asked, and takes on to tell of its end if somebody may have to hear of it. Not accepted if anything happened meanwhile. */
  async retire(seen: EpisodeRecord, askedAt: number, end?: EndClaim): Promise<Observed> {
    return this.update(seen.key, retiring(seen, askedAt, end));
  }

  /** Takes on once more to tell of the end of a closed episode. Answers false if anybody else did, or it is open again. */
  async endAgain(seen: EpisodeRecord, end: EndClaim): Promise<boolean> {
    return (await this.update(seen.key, endingAgain(seen, end))).accepted;
  }

  /** Notes that nobody is left to hear of the end of a closed episode. */
  async settle(seen: EpisodeRecord): Promise<void> {
    await this.update(seen.key, settling(seen));
  }

  /** Remembers that Security Hub confirmed the marks; a record that is gone needs none. At most 25 episodes; one statement each. */
  async confirm(marks: readonly Mark[], at: string): Promise<void> {
    const Statements = [...Map.groupBy(marks, ({ key }) => key)].map(([key, own]) => {
      const values = new Map(own.map(({ id, number }) => [confirmationAttribute(id), `${number}|${at}`]));
      return {
        Statement: `UPDATE "${this.tableName}" ${[...values.keys()].map((attribute) => `SET ${attribute}=?`).join(" ")} WHERE pk=?`,
        Parameters: [...values.values(), key].map((value) => ({ S: value })),
      };
    });
    const { Responses = [] } = await this.client.send(new BatchExecuteStatementCommand({ Statements }));
    const failed = Responses.find(({ Error: error }) => error !== undefined && error.Code !== "ConditionalCheckFailed");
    if (failed?.Error) {
      throw new Error(`confirming a mark failed: ${failed.Error.Code}: ${failed.Error.Message}`);
    }
  }

  async get(key: string): Promise<EpisodeRecord | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.tableName, Key: { pk: { S: key } }, ConsistentRead: true }),
    );
    return Item && recordOf(Item);
  }

  /** Keys of the episodes that the schedule has to look at, the longest due first within a shard. */
  async *due(now: number): AsyncGenerator<string> {
    for (let shard = 0; shard < SHARDS; shard++) {
      let start: Record<string, AttributeValue> | undefined;
      do {
        const page: QueryCommandOutput = await this.client.send(
          new QueryCommand({
            TableName: this.tableName,
            IndexName: "due",
            KeyConditionExpression: "#shard = :shard AND #due <= :now",
            ExpressionAttributeNames: { "#shard": "shard", "#due": "due" },
            ExpressionAttributeValues: { ":shard": { S: String(shard) }, ":now": { S: new Date(now).toISOString() } },
            ExclusiveStartKey: start,
          }),
        );
        for (const { pk } of page.Items ?? []) {
          if (pk?.S !== undefined) {
            yield pk.S;
          }
        }
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
    }
  }

  /** All open episodes, in no order, page by page with the last key looked at, after a key (to go on where an earlier run ended). */
  async *openEpisodes(after?: string): AsyncGenerator<{ readonly episodes: readonly EpisodeRecord[]; readonly last?: string }> {
    let start: Record<string, AttributeValue> | undefined = after ? { pk: { S: after } } : undefined;
    do {
      const page: ScanCommandOutput = await this.client.send(
        new ScanCommand({
          TableName: this.tableName,
          Limit: PAGE,
          FilterExpression: "#status = :open",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: { ":open": { S: "open" } },
          ExclusiveStartKey: start,
        }),
      );
      start = page.LastEvaluatedKey;
      yield { episodes: (page.Items ?? []).map(recordOf), last: start?.pk?.S };
    } while (start !== undefined);
  }

  /** Where the last reconciliation had to stop, if it did not get to the end. */
  async bookmark(): Promise<string | undefined> {
    const { Item } = await this.client.send(new GetItemCommand({ TableName: this.tableName, Key: BOOKMARK }));
    return Item?.after?.S;
  }

  /** Remembers where the next reconciliation has to go on; undefined for from the beginning. */
  async keepBookmark(after: string | undefined): Promise<void> {
    await this.client.send(
      new PutItemCommand({ TableName: this.tableName, Item: { ...BOOKMARK, ...(after !== undefined && { after: { S: after } }) } }),
    );
  }

  /** One UpdateItem. Answers what was there before, whether or not the condition held. */
  private async update(key: string, expression: UpdateExpression): Promise<Observed> {
    try {
      const { Attributes } = await this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: { pk: { S: key } },
          ...expression,
          ReturnValues: "ALL_OLD",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { accepted: true, before: Attributes && recordOf(Attributes) };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return { accepted: false, before: error.Item && recordOf(error.Item) };
      }
      throw error;
    }
  }
}
