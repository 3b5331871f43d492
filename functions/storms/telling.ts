import type { AccountInfo, Alert, Mark, StormSummary } from "../alert";
import { type AlertSettings, recordRetention } from "../alert-settings";
import { isoAfter } from "../duration";
import { nextReminder } from "../episodes/rules";
import { type log, messageOf } from "../log";
import { marking } from "../marking";
import { eachOf } from "./each-of";
import type { FlushTable } from "./flush-table";
import { type Held, heldFinding } from "./held";
import type { HeldEpisodes } from "./held-episodes";
import { type Part, partId } from "./key";
import { csvOf, findingIds, listKey } from "./list";
import { singleAlert } from "./single";
import { inOrder, type Listed, stormAlert } from "./summary";

/** A channel and its kind. */
export interface FlushChannel {
  readonly name: string;
  readonly kind: string;
}

/** What telling a part needs. */
export interface TellingParts {
  readonly settings: AlertSettings;
  readonly flushes: Pick<FlushTable, "handed">;
  readonly episodes: Pick<HeldEpisodes, "release" | "handBack">;
  readonly accountsById: (ids: readonly string[]) => Promise<ReadonlyMap<string, AccountInfo>>;
  /** The channels that hear of a held episode; none if no route fits. */
  readonly route: (listed: Listed) => readonly FlushChannel[];
  /** Puts a list where people find it. */
  readonly keep: (key: string, csv: string) => Promise<StormSummary["list"]>;
  /** Has one channel told, and waits until it is or its queue has it. */
  readonly tell: (alert: Alert, account: AccountInfo, channel: FlushChannel) => Promise<void>;
  /** Tells of one alert by itself: starts the workflow "alert". */
  readonly start: (alert: Alert) => Promise<void>;
  readonly mark: (marks: readonly Mark[]) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: typeof log;
}

/** Findings that a line of the log names at most: CloudWatch takes 256 KB. */
const LOGGED = 500;
/** Marks that one message of the write-back queue asks for: as many as Security Hub takes at once. */
const MARKED = 100;

/**
 * Tells the channels that were not told yet of a part, then has its findings marked and its episodes released.
 * @param done names of the channels that were told by an earlier attempt.
 */
export async function tellPart(parts: TellingParts, part: Part, held: readonly Held[], done: ReadonlySet<string>): Promise<void> {
  const { accountsById, route } = parts;
  const accounts = await accountsById(held.map(({ record }) => record.accountId));
  const routed = inOrder(held.map((one) => listed(one, accounts))).map((one) => ({ one, channels: route(one) }));
  const told = routed.filter(({ channels }) => channels.length > 0);

  await eachOf(routed, ({ one, channels }) => (channels.length === 0 ? tellSingly(parts, part, one) : Promise.resolve()));
  const kinds = new Map(told.flatMap(({ channels }) => channels).map(({ name, kind }) => [name, kind]));
  const outcomes = await Promise.allSettled(
    [...kinds]
      .filter(([name]) => !done.has(name))
      .map(([name, kind]) => {
        const own = told.filter(({ channels }) => channels.some((channel) => channel.name === name)).map(({ one }) => one);
        return tellChannel(parts, part, { name, kind }, own);
      }),
  );
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") {
      throw outcome.reason;
    }
  }
  await markAll(
    parts,
    told.map(({ one }) => one),
  );
  await eachOf(told, ({ one, channels }) =>
    release(
      parts,
      one,
      channels.map(({ name }) => name),
    ),
  );
  parts.log({
    kind: "flush",
    storm: partId(part),
    told: told.length,
    singly: routed.length - told.length,
    channels: [...kinds.keys()],
  });
}

async function tellChannel(parts: TellingParts, part: Part, channel: FlushChannel, own: readonly Listed[]): Promise<void> {
  const { keep, tell, flushes, now, log } = parts;
  const [gravest, ...others] = own;
  if (gravest === undefined) {
    return;
  }
  const ids = own.flatMap(findingIds);
  for (let start = 0; start < ids.length; start += LOGGED) {
    log({ kind: "storm", storm: partId(part), channel: channel.name, findingIds: ids.slice(start, start + LOGGED) });
  }
  const list = await keep(listKey(part, channel.name), csvOf(own));
  try {
    await tell(stormAlert(part, [gravest, ...others], list), gravest.account, channel);
  } catch (error) {
    log({ kind: "warning", message: `storm ${partId(part)} was not told to ${channel.name}`, error: messageOf(error) });
    throw error;
  }
  await flushes.handed(part, channel.name, isoAfter(now(), 0));
}

/** No route fits what is known here: the workflow "alert" asks AWS Organizations for the account, tries again, and buries what nobody is to hear of. */
async function tellSingly(parts: TellingParts, part: Part, { held, finding }: Listed): Promise<void> {
  const { settings, episodes, start, now } = parts;
  if (await episodes.handBack(held, partId(part), now())) {
    await start(singleAlert(settings, held, finding));
  }
}

async function markAll(parts: TellingParts, told: readonly Listed[]): Promise<void> {
  const { settings, mark } = parts;
  const marks = told.flatMap(
    ({ held: { record }, finding }) =>
      marking(
        settings,
        record.key,
        record.number,
        record.ids.map((id) => ({ ...finding, id })),
      ).marks,
  );
  for (let start = 0; start < marks.length; start += MARKED) {
    await mark(marks.slice(start, start + MARKED));
  }
}

async function release(parts: TellingParts, { held: { record, note } }: Listed, channels: readonly string[]): Promise<void> {
  const { settings, episodes } = parts;
  const now = parts.now();
  await episodes.release(record.key, {
    telling: record.claim.telling,
    number: record.number,
    over: note.over,
    channels,
    at: isoAfter(now, 0),
    due: nextReminder(settings, record.severity, now),
    expires: Math.ceil((now + recordRetention(settings)) / 1000),
  });
}

function listed(held: Held, accounts: ReadonlyMap<string, AccountInfo>): Listed {
  const finding = heldFinding(held);
  const account = accounts.get(finding.accountId) ?? { id: finding.accountId };
  const name = account.name ?? finding.accountName;
  return { held, finding, account: name === undefined ? account : { ...account, name } };
}
