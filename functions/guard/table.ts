import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandOutput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { type Changes, type Condition, updateExpression } from "../episodes/update-expression";
import type { Rule } from "../security-groups/rule";
import { type GroupMemory, type GroupSeen, type PastRule, remembering, stillAccepted } from "./memory";
import { packed, unpacked } from "./packed";
import { type ChangeRecord, type ChangeStatus, type GroupPlace, isOpen } from "./record";
import { counted, REPEATS_WITHIN, type Repeats, repetition } from "./repeats";

/** What a conditional write found: whether it was made, and the record before it. */
export interface StatusUpdate {
  readonly accepted: boolean;
  /** Absent if there is no such change. */
  readonly before?: ChangeRecord;
}

/** What a step of a change's life adds to its record. */
export type StatusDetails = Partial<
  Pick<ChangeRecord, "token" | "decidedBy" | "undoneBy" | "undoRefused" | "planned" | "steps" | "untouched" | "after">
>;

/** What is remembered of the groups of an account and Region, each by the group's id. */
export interface PlaceMemory {
  readonly groups: ReadonlyMap<string, GroupMemory>;
  /** Traffic (`trafficOf()`) that somebody approved, or had restored. */
  readonly accepted: ReadonlyMap<string, ReadonlySet<string>>;
  /** Ids of the changes that are open, as far as is known: one may have been closed in this moment. */
  readonly open: ReadonlyMap<string, readonly string[]>;
}

interface Key {
  readonly pk: string;
  readonly sk: string;
}

const changeKey = (id: string): Key => ({ pk: `change#${id}`, sk: "change" });
const groupsOf = (accountId: string, region: string): string => `group#${accountId}#${region}`;
const groupKey = ({ accountId, region, groupId }: GroupPlace): Key => ({ pk: groupsOf(accountId, region), sk: groupId });
/** What points from a group to a change of it that is open. */
const openKey = (place: GroupPlace, id: string): Key => ({ pk: groupKey(place).pk, sk: `${place.groupId}#${id}` });
const repeatsKey = (key: string): Key => ({ pk: `repeat#${key}`, sk: "count" });
const pressKey = (hash: string): Key => ({ pk: `press#${hash}`, sk: "press" });

/** Attempts at a write that others may get in between. Groups change a few times a minute at most; whoever has no luck is tried again by the queue. */
const ATTEMPTS = 5;

/** The table of the guard: groups as they were last read, changes and what was done about them, repetitions, and presses of buttons. */
export class GuardTable {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /** A change by its id. */
  async change(id: string): Promise<ChangeRecord | undefined> {
    const item = await this.get(changeKey(id));
    return item && recordOf(item);
  }

  /** Writes a new change down, and with its group that it is open. Answers false, and changes nothing, if it is there already. */
  async putChange(record: ChangeRecord): Promise<boolean> {
    if (isOpen(record)) {
      // First, so that no open change is without; one that points to no change is cleared away.
      await this.update(openKey(record, record.id), { set: { expires: record.expires } });
    }
    return (await this.update(changeKey(record.id), { set: { ...record } }, { expression: "attribute_not_exists(#status)" })).accepted;
  }

  /**
   * Brings a change from one status to another, and adds to its record.
   * @param from statuses that it may have; refused if it has another.
   * @param details what is written besides.
   * @param remove what is forgotten, for example the `token` of a workflow that was answered.
   */
  async updateStatus(
    id: string,
    from: readonly ChangeStatus[],
    to: ChangeStatus,
    details: StatusDetails = {},
    remove: readonly (keyof StatusDetails)[] = [],
  ): Promise<StatusUpdate> {
    const { accepted, before } = await this.update(
      changeKey(id),
      { set: { status: to, ...details }, remove },
      {
        expression: from.map((_, index) => `#status = :from${index}`).join(" OR "),
        values: Object.fromEntries(from.map((status, index) => [`from${index}`, status])),
      },
    );
    const record = before && recordOf(before);
    if (accepted && record !== undefined && !isOpen({ status: to })) {
      await this.delete(openKey(record, id));
    }
    return { accepted, ...(record && { before: record }) };
  }

  /** The changes of a group that are open, oldest first. */
  async openChanges(place: GroupPlace): Promise<readonly ChangeRecord[]> {
    const open: ChangeRecord[] = [];
    for await (const { sk } of this.query(groupKey(place).pk, `${place.groupId}#`)) {
      const id = String(sk?.S).slice(place.groupId.length + 1);
      const record = await this.change(id);
      if (record !== undefined && isOpen(record)) {
        open.push(record);
      } else if (record !== undefined) {
        await this.delete(openKey(place, id));
      }
    }
    return open.sort((left, right) => (left.at < right.at ? -1 : 1));
  }

  /** What is remembered of a group. */
  async group(place: GroupPlace): Promise<GroupMemory | undefined> {
    const item = await this.get(groupKey(place));
    // Traffic can be accepted before the group was ever read.
    return item?.rules && memoryOf(item);
  }

  /**
   * What is remembered of an account and Region: all its groups, what is accepted in them, and which changes are open. One query.
   * @param now milliseconds since the epoch.
   */
  async place(accountId: string, region: string, now: number): Promise<PlaceMemory> {
    const groups = new Map<string, GroupMemory>();
    const accepted = new Map<string, ReadonlySet<string>>();
    const open = new Map<string, readonly string[]>();
    for await (const item of this.query(groupsOf(accountId, region))) {
      const [groupId = "", change] = String(item.sk?.S).split("#");
      if (change !== undefined) {
        open.set(groupId, [...(open.get(groupId) ?? []), change]);
        continue;
      }
      // Traffic can be accepted before the group was ever read.
      accepted.set(groupId, acceptedNow(item, now));
      if (item.rules !== undefined) {
        groups.set(groupId, memoryOf(item));
      }
    }
    return { groups, accepted, open };
  }

  /**
   * Remembers a group as it was read; what was read later already stays.
   * @param known what was remembered before, if the caller has just asked for it.
   */
  async remember(place: GroupPlace, seen: GroupSeen, known?: GroupMemory): Promise<void> {
    let memory = known ?? (await this.group(place));
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const next = remembering(memory, seen);
      if (next === undefined) {
        return;
      }
      const { name, vpcId, seenAt } = next;
      const condition =
        memory === undefined
          ? { expression: "attribute_not_exists(#seenAt)" }
          : { expression: "#seenAt = :known", values: { known: memory.seenAt } };
      const set = { rules: packed(next.rules), past: packed(next.past), seenAt, name, vpcId };
      if ((await this.update(groupKey(place), { set }, condition)).accepted) {
        await this.forgetAccepted(place, seen);
        return;
      }
      memory = await this.group(place);
    }
    throw new Error(`group ${place.groupId} was remembered by others all the time`);
  }

  /** Forgets a group that was deleted, and what was accepted in it. */
  async forget(place: GroupPlace): Promise<void> {
    await this.delete(groupKey(place));
  }

  /** Notes that somebody approved traffic (`trafficOf()`) in a group, or had it restored: neither guard nor sweep takes offence at it. */
  async acceptTraffic(place: GroupPlace, traffic: readonly string[], now: number): Promise<void> {
    const since = new Date(now).toISOString();
    await this.changeAccepted(place, (accepted) => ({ ...accepted, ...Object.fromEntries(traffic.map((one) => [one, since])) }));
  }

  /** Takes back that traffic was accepted, where it could not be restored after all. */
  async withdrawTraffic(place: GroupPlace, traffic: readonly string[]): Promise<void> {
    await this.changeAccepted(place, (accepted) => Object.fromEntries(Object.entries(accepted).filter(([one]) => !traffic.includes(one))));
  }

  /**
   * Traffic that is accepted in a group, whether or not the group was ever read.
   * @param now milliseconds since the epoch.
   */
  async acceptedTraffic(place: GroupPlace, now: number): Promise<ReadonlySet<string>> {
    return acceptedNow(await this.get(groupKey(place)), now);
  }

  /**
   * Counts a change among those that open the same traffic in the same group (`repeatKey()`), once however often it is asked.
   * @param now milliseconds since the epoch.
   * @returns 1 for the first within an hour, 2 for the second, 3 for all others.
   */
  async repeated(key: string, change: string, now: number): Promise<number> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const item = await this.get(repeatsKey(key));
      const known = item && (unmarshall(item) as Repeats & { readonly expires: number });
      const next = counted(known, change, now);
      if (next === known) {
        return repetition(next, change);
      }
      const condition =
        known === undefined
          ? { expression: "attribute_not_exists(#lastAt)" }
          : { expression: "#lastAt = :known AND #size = :size", values: { known: known.lastAt, size: known.changes.length } };
      const expires = Math.ceil((now + 2 * REPEATS_WITHIN) / 1000);
      if ((await this.update(repeatsKey(key), { set: { ...next, size: next.changes.length, expires } }, condition)).accepted) {
        return repetition(next, change);
      }
    }
    throw new Error("the same change was counted by others all the time");
  }

  /**
   * Notes a press of a button by a digest of its request. Answers false if it was noted before: a replay.
   * @param expires when it may be forgotten (seconds since the epoch): not before the request is too old to be taken.
   */
  async firstPress(digest: string, expires: number): Promise<boolean> {
    return (await this.update(pressKey(digest), { set: { expires } }, { expression: "attribute_not_exists(#expires)" })).accepted;
  }

  private async forgetAccepted(place: GroupPlace, seen: GroupSeen): Promise<void> {
    await this.changeAccepted(place, (accepted) => stillAccepted(accepted, seen.rules, Date.parse(seen.seenAt)));
  }

  private async changeAccepted(place: GroupPlace, change: (accepted: GroupMemory["accepted"]) => GroupMemory["accepted"]): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const item = await this.get(groupKey(place));
      const accepted = acceptedOf(item);
      const next = JSON.stringify(change(accepted));
      if (next === JSON.stringify(accepted)) {
        return;
      }
      const known = item?.accepted?.S;
      const condition =
        known === undefined ? { expression: "attribute_not_exists(#accepted)" } : { expression: "#accepted = :known", values: { known } };
      if ((await this.update(groupKey(place), { set: { accepted: next } }, condition)).accepted) {
        return;
      }
    }
    throw new Error(`what is accepted in group ${place.groupId} was changed by others all the time`);
  }

  private async get(key: Key): Promise<Record<string, AttributeValue> | undefined> {
    const { Item } = await this.client.send(new GetItemCommand({ TableName: this.tableName, Key: keyOf(key), ConsistentRead: true }));
    return Item;
  }

  private async delete(key: Key): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: this.tableName, Key: keyOf(key) }));
  }

  private async *query(pk: string, prefix?: string): AsyncGenerator<Record<string, AttributeValue>> {
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page: QueryCommandOutput = await this.client.send(
        new QueryCommand({
          TableName: this.tableName,
          ConsistentRead: true,
          KeyConditionExpression: prefix === undefined ? "#pk = :pk" : "#pk = :pk AND begins_with(#sk, :prefix)",
          ExpressionAttributeNames: { "#pk": "pk", ...(prefix !== undefined && { "#sk": "sk" }) },
          ExpressionAttributeValues: { ":pk": { S: pk }, ...(prefix !== undefined && { ":prefix": { S: prefix } }) },
          ExclusiveStartKey: start,
        }),
      );
      yield* page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }

  /** One UpdateItem. Answers what was there before, whether or not the condition held. */
  private async update(
    key: Key,
    changes: Changes,
    condition?: Condition,
  ): Promise<{ readonly accepted: boolean; readonly before?: Record<string, AttributeValue> | undefined }> {
    try {
      const { Attributes } = await this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: keyOf(key),
          ...updateExpression(changes, condition),
          ReturnValues: "ALL_OLD",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { accepted: true, before: Attributes };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return { accepted: false, before: error.Item };
      }
      throw error;
    }
  }
}

const keyOf = ({ pk, sk }: Key): Record<string, AttributeValue> => ({ pk: { S: pk }, sk: { S: sk } });

function recordOf(item: Record<string, AttributeValue>): ChangeRecord | undefined {
  // A failed condition on a change that is not there answers an empty item in some emulators.
  if (item.status === undefined) return undefined;
  const { pk: _pk, sk: _sk, ...record } = unmarshall(item);
  return record as ChangeRecord;
}

const acceptedOf = (item: Record<string, AttributeValue> | undefined): GroupMemory["accepted"] => JSON.parse(item?.accepted?.S ?? "{}");

const acceptedNow = (item: Record<string, AttributeValue> | undefined, now: number): ReadonlySet<string> =>
  new Set(Object.keys(stillAccepted(acceptedOf(item), item?.rules === undefined ? [] : unpacked<Rule>(item.rules.S), now)));

const memoryOf = (item: Record<string, AttributeValue>): GroupMemory => ({
  rules: unpacked(item.rules?.S),
  past: unpacked<PastRule>(item.past?.S),
  seenAt: String(item.seenAt?.S),
  ...(item.name?.S !== undefined && { name: item.name.S }),
  ...(item.vpcId?.S !== undefined && { vpcId: item.vpcId.S }),
  accepted: acceptedOf(item),
});
