import type { AccountInfo } from "../alert";
import { rememberedFinding } from "../episodes/remembered";
import { type log, messageOf } from "../log";
import type { Mail } from "../mail/render";
import type { Mute } from "../mutes/mutes";
import { belongingTo } from "./belonging";
import { digestContent } from "./content";
import { isDue, PERIODS } from "./due";
import { renderDigest } from "./render";
import { type DigestRoute, type Subscription, subscriptionsOf } from "./subscriptions";
import type { DigestTable } from "./table";
import { Tally } from "./tally";

export interface DigestParts {
  readonly routes: readonly DigestRoute[];
  /** Whether a channel takes mail. */
  readonly isEmail: (channel: string) => boolean;
  readonly mutes: readonly Mute[];
  readonly table: Pick<DigestTable, "lastSent" | "sent" | "accounts" | "episodes">;
  /** Sends to an e-mail channel; answers what the service knows the mail by. */
  readonly send: (channel: string, mail: Mail) => Promise<string>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: typeof log;
}

/** What one run did. */
export interface DigestReport {
  /** Digests that were sent. */
  readonly sent: number;
  /** Digests that are not due yet. */
  readonly early: number;
}

/** A digest that is due, and what it will say. */
interface Due {
  readonly subscription: Subscription;
  readonly tally: Tally;
}

/**
 * Sends the digests that are due. One that cannot be sent holds up no other; it is due again in the next run.
 * @throws Error once all were tried, if one could not be sent.
 */
export async function sendDigests(parts: DigestParts): Promise<DigestReport> {
  // What happens while the table is read belongs to the next digest.
  const now = parts.now();
  const subscriptions = subscriptionsOf(parts.routes, parts.isEmail);
  const due: Due[] = [];
  for (const subscription of subscriptions) {
    const { key, period } = subscription;
    const lastSent = await parts.table.lastSent(key);
    if (isDue(period, lastSent, now)) {
      due.push({ subscription, tally: new Tally(lastSent ?? now - PERIODS[period], now, parts.mutes) });
    }
  }
  await count(parts, due);
  const failures: string[] = [];
  for (const one of due) {
    try {
      await deliver(parts, one, now);
    } catch (error) {
      failures.push(`${one.subscription.channel}: ${messageOf(error)}`);
    }
  }
  if (failures.length > 0) {
    throw new Error(`${failures.length} of ${due.length} digests could not be sent: ${failures.join("; ")}`);
  }
  return { sent: due.length, early: subscriptions.length - due.length };
}

/** Reads the table once for all digests that are due. */
async function count({ routes, table }: DigestParts, due: readonly Due[]): Promise<void> {
  if (due.length === 0) {
    return;
  }
  const accounts = new Map<string, AccountInfo>();
  const belonging = belongingTo(routes);
  const earliest = Math.min(...due.map(({ tally }) => tally.since));
  for await (const records of table.episodes(earliest)) {
    const unseen = [...new Set(records.map(({ accountId }) => accountId))].filter((id) => !accounts.has(id));
    const known = await table.accounts(unseen);
    for (const id of unseen) {
      accounts.set(id, known.get(id) ?? { id });
    }
    for (const record of records) {
      const finding = rememberedFinding(record);
      const account: AccountInfo = accounts.get(record.accountId) ?? { id: record.accountId };
      const taken = belonging(record, finding, account);
      for (const { subscription, tally } of due) {
        if (taken.has(subscription.index)) {
          tally.add({ record, finding, account });
        }
      }
    }
  }
}

/** Remembered only after it was sent: who dies in between sends it once more, and nobody goes without. */
async function deliver(parts: DigestParts, { subscription, tally }: Due, now: number): Promise<void> {
  const { channel, key } = subscription;
  const mail = renderDigest(digestContent(subscription, tally));
  const messageId = await parts.send(channel, mail);
  parts.log({
    kind: "delivery",
    channel,
    channelKind: "email",
    messageId,
    reason: "digest",
    episode: null,
    findingIds: [],
    origin: null,
    severity: null,
    accountId: null,
    accountName: null,
    region: null,
    resource: null,
    title: mail.subject,
  });
  await parts.table.sent(key, now);
}
