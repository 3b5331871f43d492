import type { AccountInfo, Alert, Mark, StormSummary } from "../alert";
import { type AlertSettings, recordRetention } from "../alert-settings";
import { isoAfter } from "../duration";
import { nextReminder } from "../episodes/rules";
import { type log, messageOf } from "../log";
import { toldTogether } from "./changes";
import { eachOf } from "./each-of";
import type { FlushTable } from "./flush-table";
import type { HeldEpisodes } from "./held-episodes";
import { type FlushChannel, type Part, partId } from "./key";
import { inLines } from "./lines";
import { csvOf, findingIds, listKey } from "./list";
import { markingHeld } from "./singly";
import { inOrder, type Listed, stormAlert } from "./summary";

/** A held episode and the channels that hear of it. */
export interface Told extends Listed {
  readonly channels: readonly FlushChannel[];
}

/** What telling a part needs. */
export interface TellingParts {
  readonly settings: AlertSettings;
  readonly flushes: Pick<FlushTable, "handed">;
  readonly episodes: Pick<HeldEpisodes, "release">;
  /** Puts a list where people find it. */
  readonly keep: (key: string, csv: string) => Promise<StormSummary["list"]>;
  /** Has one channel told, and waits until it is or its queue has it. */
  readonly tell: (alert: Alert, account: AccountInfo, channel: FlushChannel) => Promise<void>;
  readonly mark: (marks: readonly Mark[]) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: typeof log;
}

/** Marks that one message of the write-back queue asks for: as many as Security Hub takes at once. */
const MARKED = 100;

/**
 * Tells the channels that were not told yet of a part, then has its findings marked and its episodes released.
 * @param done names of the channels that were told by an earlier attempt.
 */
export async function tellPart(parts: TellingParts, part: Part, episodes: readonly Told[], done: ReadonlySet<string>): Promise<void> {
  const told = inOrder(episodes);
  const channels = new Map(told.flatMap((one) => one.channels).map((channel) => [channel.name, channel]));
  const failures: unknown[] = [];
  const tellings: Promise<void>[] = [];
  for (const channel of channels.values()) {
    const [gravest, ...others] = told.filter((one) => one.channels.some(({ name }) => name === channel.name));
    if (gravest === undefined || done.has(channel.name)) {
      continue;
    }
    try {
      // One list after the other: each may have tens of megabytes.
      const alert = await listedAlert(parts, part, channel, [gravest, ...others]);
      tellings.push(tellChannel(parts, part, alert, gravest.account, channel).catch((error) => void failures.push(error)));
    } catch (error) {
      failures.push(error);
    }
  }
  await Promise.all(tellings);
  if (failures.length > 0) {
    throw failures[0];
  }
  await markAll(parts, told);
  await eachOf(told, (one) => release(parts, one));
  parts.log({ kind: "flush", storm: partId(part), told: told.length, channels: [...channels.keys()] });
}

/** The alert for one channel, with its list where people find it. */
async function listedAlert(
  { keep, log }: TellingParts,
  part: Part,
  { name }: FlushChannel,
  own: readonly [Told, ...Told[]],
): Promise<Alert> {
  for (const ids of inLines(own.flatMap(findingIds))) {
    log({ kind: "storm", storm: partId(part), channel: name, findingIds: ids });
  }
  return stormAlert(part, own, await keep(listKey(part, name), csvOf(own)));
}

async function tellChannel(
  { tell, flushes, now, log }: TellingParts,
  part: Part,
  alert: Alert,
  account: AccountInfo,
  channel: FlushChannel,
): Promise<void> {
  try {
    await tell(alert, account, channel);
  } catch (error) {
    log({ kind: "warning", message: `storm ${partId(part)} was not told to ${channel.name}`, error: messageOf(error) });
    throw error;
  }
  await flushes.handed(part, channel.name, isoAfter(now(), 0));
}

async function markAll(parts: TellingParts, told: readonly Told[]): Promise<void> {
  const { settings, mark } = parts;
  const marks = told.flatMap(({ held: { record }, finding }) => markingHeld(settings, record, finding).marks);
  for (let start = 0; start < marks.length; start += MARKED) {
    await mark(marks.slice(start, start + MARKED));
  }
}

async function release({ settings, episodes, now }: TellingParts, { held: { record, note }, channels }: Told): Promise<void> {
  const time = now();
  const at = isoAfter(time, 0);
  const names = channels.map(({ name }) => name);
  await episodes.release(record.key, {
    telling: record.claim.telling,
    over: note.over,
    told: toldTogether(record, names, at, note.over),
    at,
    due: nextReminder(settings, record.severity, time),
    expires: Math.ceil((time + recordRetention(settings)) / 1000),
  });
}
