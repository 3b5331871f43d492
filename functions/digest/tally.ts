import type { AccountInfo } from "../alert";
import { ELSEWHERE, type EpisodeRecord } from "../episodes/record";
import { type Finding, type Severity, severityRank } from "../finding";
import type { Mute } from "../mutes/mutes";
import { covers, isOver } from "./mutes";
import { Top } from "./top";

/** An episode as a digest looks at it. */
export interface Entry {
  readonly record: EpisodeRecord;
  readonly finding: Finding;
  readonly account: AccountInfo;
}

/** Open findings by severity. */
export type Severities = Readonly<Partial<Record<Severity, number>>>;

/** An account and its open findings. */
export interface AccountTally {
  readonly account: AccountInfo;
  readonly open: number;
  readonly severities: Severities;
}

/** A mute and how many open findings it covers, or would if it were not over. */
export interface MuteTally {
  readonly mute: Mute;
  readonly covered: number;
}

/** Rows that are kept of each list. */
const SHOWN = { added: 15, resolved: 10, longest: 10 } as const;

const gravestFirst = (left: Entry, right: Entry): number => severityRank(right.finding.severity) - severityRank(left.finding.severity);

/** Text order; times in ISO 8601 are texts, too. */
const ascending = (left = "", right = ""): number => {
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
};

/** What a digest says, counted episode by episode, so that any number of them takes little memory. */
export class Tally {
  #open = 0;
  #untold = 0;
  #muted = 0;
  readonly #severities: Partial<Record<Severity, number>> = {};
  readonly #accounts = new Map<string, { account: AccountInfo; open: number; severities: Partial<Record<Severity, number>> }>();
  readonly #covered: number[];
  readonly added = new Top<Entry>(
    SHOWN.added,
    (left, right) => gravestFirst(left, right) || ascending(right.record.lastDelivery, left.record.lastDelivery),
  );
  readonly resolved = new Top<Entry>(
    SHOWN.resolved,
    (left, right) => gravestFirst(left, right) || ascending(right.record.closedThrough, left.record.closedThrough),
  );
  readonly longest = new Top<Entry>(
    SHOWN.longest,
    (left, right) => ascending(left.finding.firstSeen, right.finding.firstSeen) || gravestFirst(left, right),
  );

  /**
   * @param since what happened from then on is new; milliseconds since the epoch, as `now`.
   */
  constructor(
    readonly since: number,
    readonly now: number,
    private readonly mutes: readonly Mute[],
  ) {
    this.#covered = mutes.map(() => 0);
  }

  /** Counts an episode of the digest's route. */
  add(entry: Entry): void {
    if (entry.record.status === "closed") {
      if (isResolved(entry.record, this.since)) {
        this.resolved.add(entry);
      }
      return;
    }
    const { record, finding, account } = entry;
    this.#open++;
    this.#count(account, finding.severity);
    this.longest.add(entry);
    if (isAdded(record, this.since)) {
      this.added.add(entry);
    }
    if (!wasTold(record)) {
      this.#untold++;
    }
    const covering = [...this.mutes.entries()].filter(([, mute]) => covers(mute, finding, account));
    for (const [index] of covering) {
      this.#covered[index] = (this.#covered[index] ?? 0) + 1;
    }
    // The table does not keep the tags that a mute may ask for, but that an untold finding was muted.
    if (covering.some(([, mute]) => !isOver(mute, this.now)) || (!wasTold(record) && record.muted !== undefined)) {
      this.#muted++;
    }
  }

  #count(account: AccountInfo, severity: Severity): void {
    const known = this.#accounts.get(account.id) ?? { account, open: 0, severities: {} };
    known.open++;
    for (const counts of [known.severities, this.#severities]) {
      counts[severity] = (counts[severity] ?? 0) + 1;
    }
    this.#accounts.set(account.id, known);
  }

  get open(): number {
    return this.#open;
  }

  /** Open ones that nobody was told of yet: they wait, are muted, or are just being told. */
  get untold(): number {
    return this.#untold;
  }

  /** Open ones that a mute covers now. */
  get muted(): number {
    return this.#muted;
  }

  get severities(): Severities {
    return this.#severities;
  }

  /** The accounts with the most open findings first. */
  get accounts(): readonly AccountTally[] {
    return [...this.#accounts.values()].toSorted((left, right) => right.open - left.open || ascending(left.account.id, right.account.id));
  }

  get muteTallies(): readonly MuteTally[] {
    return this.mutes.map((mute, index) => ({ mute, covered: this.#covered[index] ?? 0 }));
  }
}

/** Whether people were told of the current episode. */
const wasTold = ({ claim, deliveredTelling }: EpisodeRecord): boolean => claim !== undefined && claim.telling === deliveredTelling;

/**
 * Whether people were first told of the episode since a time. A later reminder hides when that was: then the age of the problem decides.
 */
function isAdded(record: EpisodeRecord, since: number): boolean {
  if (!wasTold(record)) {
    return false;
  }
  const { claim, lastDelivery, firstSeen } = record;
  const first = claim?.reason === "new" || claim?.reason === "reopened";
  const told = claim?.by === ELSEWHERE ? claim.until : lastDelivery;
  return Date.parse((first ? told : firstSeen) ?? "") >= since;
}

/** Whether something that people knew of ended since a time. What somebody suppressed is hidden, not resolved. */
const isResolved = ({ toldBefore, suppressed, closedThrough }: EpisodeRecord, since: number): boolean =>
  toldBefore && !suppressed && closedThrough !== undefined && Date.parse(closedThrough) >= since;
