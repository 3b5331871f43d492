import type { AccountInfo } from "../../../functions/alert";
import { digestContent } from "../../../functions/digest/content";
import { renderDigest } from "../../../functions/digest/render";
import type { DigestRoute, Subscription } from "../../../functions/digest/subscriptions";
import { Tally } from "../../../functions/digest/tally";
import type { EpisodeRecord } from "../../../functions/episodes/record";
import { rememberedFinding } from "../../../functions/episodes/remembered";
import type { Mute } from "../../../functions/mutes/mutes";
import { anAccount } from "../../support/findings";
import { parseHtml } from "../../support/html";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A Monday, 07:00 UTC. */
export const NOW = Date.parse("2026-03-02T07:00:00.000Z");

export const ago = (milliseconds: number): string => new Date(NOW - milliseconds).toISOString();

/** An episode of a control that was told half a day ago and is open. */
export function anEpisode(overrides: Partial<EpisodeRecord> = {}): EpisodeRecord {
  const { key = "episode", number = 1 } = overrides;
  const resource = { id: "arn:aws:ec2:eu-west-1:333333333333:security-group/sg-1", type: "AwsEc2SecurityGroup", name: "sg-1" };
  return {
    key,
    number,
    status: "open",
    origin: "securityhub",
    accountId: "333333333333",
    region: "eu-west-1",
    problem: `EC2.19|${resource.id}`,
    kind: "EC2.19",
    title: "Security groups should not allow unrestricted access to ports with high risk",
    resource,
    severity: "CRITICAL",
    ids: ["arn:aws:securityhub:eu-west-1:333333333333:security-control/EC2.19/finding/1"],
    firstSeen: ago(DAY),
    lastSeen: ago(12 * HOUR),
    seen: 1,
    updatedAt: ago(12 * HOUR),
    suppressed: false,
    claim: { telling: "telling", by: "event", until: ago(12 * HOUR), reason: "new" },
    told: "CRITICAL",
    deliveredTelling: "telling",
    toldBefore: true,
    lastDelivery: ago(12 * HOUR),
    channels: { "soc-mail": { number, at: ago(12 * HOUR), resolved: false } },
    confirmations: {},
    ...overrides,
  };
}

/** What is left of an episode once it has ended. */
export const anEndedEpisode = (endedAt: string, overrides: Partial<EpisodeRecord> = {}): EpisodeRecord =>
  anEpisode({ status: "closed", number: 2, closedThrough: endedAt, claim: undefined, firstSeen: undefined, seen: 0, ...overrides });

/** An episode nobody was told of yet. */
export const anUntoldEpisode = (overrides: Partial<EpisodeRecord> = {}): EpisodeRecord =>
  anEpisode({
    claim: undefined,
    told: undefined,
    deliveredTelling: undefined,
    toldBefore: false,
    lastDelivery: undefined,
    channels: {},
    ...overrides,
  });

export const aMute = (overrides: Partial<Mute> = {}): Mute => ({
  when: { accounts: ["lab"] },
  reason: "penetration test",
  owner: "alice@example.com",
  expires: "2026-03-20T09:00:00Z",
  ...overrides,
});

export const aSubscription = (overrides: Partial<Subscription> = {}): Subscription => {
  const route: DigestRoute = { to: ["soc-mail"], digest: "daily" };
  return { key: "key", index: 0, route, period: "daily", channel: "soc-mail", ...overrides };
};

export interface Told {
  readonly subscription?: Subscription;
  readonly mutes?: readonly Mute[];
  /** By id; the account payments is always there. */
  readonly accounts?: readonly AccountInfo[];
  readonly since?: number;
}

/** What a digest of these episodes says, and its mail. */
export function digestOf(
  records: readonly EpisodeRecord[],
  { subscription = aSubscription(), mutes = [], accounts = [], since }: Told = {},
) {
  const known = new Map([anAccount(), ...accounts].map((account) => [account.id, account]));
  const tally = new Tally(since ?? NOW - DAY, NOW, mutes);
  for (const record of records) {
    tally.add({ record, finding: rememberedFinding(record), account: known.get(record.accountId) ?? { id: record.accountId } });
  }
  const content = digestContent(subscription, tally);
  const mail = renderDigest(content);
  return { content, ...mail, page: parseHtml(mail.html) };
}
