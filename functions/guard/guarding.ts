import type { AccountInfo } from "../alert";
import { type log, messageOf } from "../log";
import { LONGEST, line } from "../normalize/bounds";
import { at } from "../normalize/read";
import { type Change, readChange, wasRefused } from "../security-groups/change";
import type { PrefixLists } from "../security-groups/judge";
import { assess, touchedBy } from "./assess";
import { closeGone } from "./closing";
import { asksForAccount, type Exemption, exemptAccount, exemptGroup } from "./exempt";
import { type Looked, type LookParts, lookAt } from "./look";
import { isOurs } from "./ours";
import { readProtects } from "./protects";
import { readPrefixLists } from "./read-group";
import { type ChangeRecord, changeId, type GroupPlace, type Protects } from "./record";
import { isHarmless, isTold, newRecord } from "./recording";
import { isRefusal } from "./refusals";
import { repeatKey } from "./repeats";
import type { GuardMode } from "./settings";
import type { GuardTable } from "./table";

/** Input of the state machine "guard". */
export interface GuardInput {
  readonly changeId: string;
  /** `closed`: what the change opened was closed by somebody else, which those hear who were told of it. */
  readonly mode: GuardMode | "closed";
  /** 1 the first time, 2 the second time within an hour, 3 from then on: told only. */
  readonly repeated: number;
  /** Whether it may be put back; else it is told only. */
  readonly touchable: boolean;
}

export interface GuardParts extends LookParts {
  readonly table: Pick<
    GuardTable,
    "change" | "putChange" | "updateStatus" | "openChanges" | "group" | "remember" | "forget" | "acceptedTraffic" | "repeated"
  >;
  /** What is known of an account; its bare id if nothing is. */
  readonly accountOf: (accountId: string) => Promise<AccountInfo>;
  /** Starts the workflow "guard" by this name. That it was started before is success. */
  readonly start: (name: string, input: GuardInput) => Promise<void>;
  readonly log: typeof log;
}

/** Decides about the changes of security groups, one event at a time. */
export class Guard {
  constructor(private readonly parts: GuardParts) {}

  /**
   * Decides about an event and acts on it. Whatever it throws, but `NotAFinding`, is worth another try: the change is written down before the workflow is started,
   * and the group's rules are remembered last, so that an attempt after a crash finds what the crashed one did and does the rest.
   * @param receives how often the event was received, this time included.
   */
  async judge(event: unknown, receives: number): Promise<void> {
    const change = readChange(event);
    const eventId = line(at(event, "id"), LONGEST.id);
    if (wasRefused(event)) {
      return this.quiet(eventId, "filtered", "AWS refused the call");
    }
    if (isOurs(change)) {
      return this.quiet(eventId, "filtered", "tocsin's own change");
    }
    const id = changeId({ accountId: change.accountId, region: change.region, eventId: change.id });
    const known = await this.parts.table.change(id);
    await (known === undefined ? this.first(change, id, eventId, receives) : this.again(known, change, eventId, receives));
  }

  private async first(change: Change, id: string, envelopeId: string, receives: number): Promise<void> {
    const { settings, table, now } = this.parts;
    const account = await this.accountExemption(change.accountId);
    const looked = await this.look(change, account, receives);
    const place = placeOf(change, looked);
    const known = {
      rules: looked.now?.rules,
      memory: await table.group(place),
      accepted: await table.acceptedTraffic(place, now()),
      prefixLists: await this.prefixLists(change, looked, receives),
    };
    const assessment = assess(change, settings, known);
    const { judged, offending } = assessment;
    if (isHarmless(assessment) && settings.tell !== "all") {
      await this.remember(place, looked, id);
      return this.quiet(envelopeId, "filtered", "opens nothing that is not approved", { ...place, judged });
    }
    const exemption = groupExemption(account, looked, settings.exemptTag);
    const isOffence = !isHarmless(assessment) && exemption.exempt !== true;
    const record = newRecord(
      {
        ...{ id, envelopeId, place, change, looked, assessment, exemption },
        protects: isOffence ? await this.protects(looked, place) : undefined,
        repeated: isOffence ? await table.repeated(repeatKey(place, offending), id, now()) : 1,
        now: now(),
      },
      settings,
    );
    if (!(await table.putChange(record))) {
      // Another copy of the event is looked at at the same moment, and was faster.
      return this.again((await table.change(id)) ?? record, change, envelopeId, receives);
    }
    await this.started(record);
    await this.remember(place, looked, id);
    this.decided(envelopeId, record);
  }

  /** The change was written down by an earlier attempt, or because of another copy of the event: what may have been left undone is done. */
  private async again(record: ChangeRecord, change: Change, envelopeId: string, receives: number): Promise<void> {
    await this.started(record);
    const looked = await this.look(change, await this.accountExemption(change.accountId), receives);
    await this.remember(record, looked, record.id);
    if (record.envelopeId === envelopeId || !isTold(record)) {
      return this.decided(envelopeId, record);
    }
    this.quiet(envelopeId, "duplicate", "another copy of the event", record);
  }

  private async started(record: ChangeRecord): Promise<void> {
    const { id: changeId, repeated, touchable, offending, unread } = record;
    if (isTold(record)) {
      // What is harmless is told, and nothing else.
      const mode = offending.length === 0 && unread === undefined ? "alert" : record.mode;
      await this.parts.start(changeId, { changeId, mode, repeated, touchable });
    }
  }

  private async accountExemption(accountId: string): Promise<Exemption> {
    const { settings, accountOf } = this.parts;
    return exemptAccount(settings, asksForAccount(settings) ? await accountOf(accountId) : { id: accountId });
  }

  /** Nothing is asked of an account that is exempt. */
  private async look(change: Change, account: Exemption, receives: number): Promise<Looked> {
    return account.exempt === true ? { seenAt: "", unread: account.why } : lookAt(this.parts, change, receives);
  }

  /** The ranges of the prefix lists that the change names. */
  private async prefixLists(change: Change, { ec2, now }: Looked, receives: number): Promise<PrefixLists> {
    const { rules } = touchedBy(change, { rules: now?.rules, memory: undefined });
    const ids = rules.flatMap(({ peer }) => (peer.kind === "prefix-list" ? [peer.id] : []));
    const isFinal = (error: unknown): boolean => isRefusal(error) || receives >= this.parts.patience;
    return ec2 === undefined || ids.length === 0 ? {} : readPrefixLists(ec2, ids, isFinal);
  }

  /** What is behind the group is worth knowing, but no part of the check: without it people are told all the same. */
  private async protects({ ec2, isGone }: Looked, { groupId }: GroupPlace): Promise<Protects | undefined> {
    if (ec2 === undefined || isGone) return undefined;
    try {
      return await readProtects(ec2, groupId);
    } catch (error) {
      this.parts.log({ kind: "warning", message: `could not read what is behind group ${groupId}`, error: messageOf(error) });
      return undefined;
    }
  }

  /** Remembers the group as it was read, and closes the changes of which nothing is left. */
  private async remember({ accountId, region, groupId }: GroupPlace, { now, seenAt, isGone }: Looked, change: string): Promise<void> {
    const place = { accountId, region, groupId };
    if (now !== undefined) {
      const { rules, name, vpcId } = now;
      await this.parts.table.remember(place, {
        rules,
        seenAt,
        ...(name !== undefined && { name }),
        ...(vpcId !== undefined && { vpcId }),
      });
      await closeGone(this.parts, place, rules, change);
    } else if (isGone) {
      await this.parts.table.forget(place);
      await closeGone(this.parts, place, [], change);
    }
  }

  private decided(event: string, record: ChangeRecord): void {
    if (!isTold(record)) {
      this.quiet(event, "filtered", record.exempt, record);
      return;
    }
    const { id: finding, episode, accountId, region, groupId, judged, severity, repeated, touchable, unread } = record;
    const what = { accountId, region, groupId, judged, severity, repeated, touchable, unread };
    this.parts.log({ kind: "decision", event, decision: "notify", reason: "new", episode, finding, ...what });
  }

  private quiet(event: string, reason: "filtered" | "duplicate", why: string | undefined, about: Partial<ChangeRecord> = {}): void {
    const { id: finding, episode, accountId, region, groupId, judged } = about;
    this.parts.log({ kind: "decision", event, decision: "quiet", reason, episode, finding, why, accountId, region, groupId, judged });
  }
}

const placeOf = ({ accountId, region, groupId }: Change, looked: Looked): GroupPlace => ({
  accountId,
  region,
  groupId: groupId ?? looked.groupId ?? "unknown",
});

function groupExemption(account: Exemption, { now }: Looked, exemptTag: string | undefined): Exemption {
  if (account.exempt === true || now === undefined) return account;
  const group = exemptGroup({ ...(exemptTag !== undefined && { exemptTag }) }, now);
  return group.exempt === true ? group : account;
}
