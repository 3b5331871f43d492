import type { AccountInfo, TellReason } from "../functions/alert";
import { type Origin, type Severity, severityRank } from "../functions/finding";
import { fits, isRoot } from "../functions/routing/match";
import type { When } from "../functions/routing/route";
import type { Settings } from "../settings";
import { fitsClass, type Likely, letIn, namedUnits, tellReasons, waysThrough } from "../settings/classes";
import { whereWords } from "./words";

/** What is asked for. */
export interface Question {
  readonly severities: readonly Severity[];
  readonly origins: readonly Origin[];
  /** Absent: every account. */
  readonly account?: AccountInfo | undefined;
}

/** Who is told of findings of a severity, an origin and an account (or those below an organizational unit). */
export interface Row {
  readonly severity: Severity;
  readonly origin: Origin;
  /** Null: the account that was asked for; without one, the accounts below none of the other rows' units. */
  readonly organizationalUnit: string | null;
  /** Whether a source asks for these findings at all; if not, the rest is empty. */
  readonly letIn: boolean;
  readonly told: readonly Told[];
  readonly mutes: readonly Muted[];
}

/** Who is told for these reasons. */
export interface Told {
  readonly reasons: readonly TellReason[];
  /** Names of the channels, each once, in order. */
  readonly channels: readonly string[];
  /** Indices in tocsin:routes of the routes that lead to them. */
  readonly routes: readonly number[];
  /** Routes that may be taken as well, or instead. */
  readonly perhaps: readonly Perhaps[];
}

export interface Perhaps {
  readonly route: number;
  /** What would have to be so. */
  readonly if: string;
  readonly channels: readonly string[];
  /** Whether the others are told all the same. */
  readonly continues: boolean;
}

/** A mute that is active. */
export interface Muted {
  readonly owner: string;
  readonly reason: string;
  readonly expires: string;
  /** What would have to be so; null: it applies. */
  readonly if: string | null;
}

/** Findings of which we know all but the resource, and perhaps the account. */
interface Scope {
  likely(when: When, reason: TellReason): Likely;
  /** What a condition leaves open, in words. */
  open(when: When): string;
}

/**
 * Answers who would be told of what, by the settings alone.
 * @param now milliseconds since the epoch: mutes expire.
 */
export function answer(settings: Settings, { severities, origins, account }: Question, now: number): Row[] {
  const active = settings.mutes.filter(({ expires }) => Date.parse(expires) > now);
  const units = account === undefined ? [...namedUnits([...settings.routes, ...active]), undefined] : [undefined];
  const asked = letIn(settings);
  return origins.flatMap((origin) =>
    severities.flatMap((severity) => {
      const isLetIn = asked.some((one) => one.severity === severity && one.origin === origin);
      const reasons = tellReasons(settings, severity);
      return units.map((unit): Row => {
        const finding = { severity, origin };
        const scope = account === undefined ? scopeOfUnit(finding, unit) : scopeOfAccount(finding, account);
        return {
          severity,
          origin,
          organizationalUnit: unit ?? null,
          letIn: isLetIn,
          told: isLetIn ? toldOf(settings, reasons, scope) : [],
          mutes: isLetIn ? active.flatMap((mute) => mutedBy(mute, severity, reasons, scope)) : [],
        };
      });
    }),
  );
}

type Known = Pick<Row, "severity" | "origin">;

const scopeOfUnit = (finding: Known, unit: string | undefined): Scope => ({
  likely: (when, reason) => fitsClass(when, { ...finding, reason, unit }),
  open: ({ accounts, tags, organizationalUnits: units }) =>
    whereWords({ accounts, tags, ...(units?.some((name) => isRoot(name) || name === unit) ? {} : { organizationalUnits: units }) }),
});

const scopeOfAccount = ({ severity, origin }: Known, account: AccountInfo): Scope => ({
  likely: ({ tags, ...rest }, reason) => {
    const holds = fits(rest, { finding: { severity, origin, resources: [] }, account, reason });
    return holds ? (tags === undefined ? "yes" : "perhaps") : "no";
  },
  open: ({ tags }) => whereWords({ tags }),
});

function toldOf({ routes }: Settings, reasons: readonly TellReason[], { likely, open }: Scope): Told[] {
  const outcomes = reasons.map((reason) => {
    const ways = waysThrough(routes, (when) => likely(when, reason));
    const certain = ways.filter((way) => way.certain);
    const outcome = {
      channels: [...new Set(certain.flatMap(({ route }) => route.to))],
      routes: certain.map(({ index }) => index),
      perhaps: ways
        .filter((way) => !way.certain)
        .map(({ index, route }) => ({
          route: index,
          if: open(route.when ?? {}),
          channels: route.to,
          continues: route.continue === true,
        })),
    };
    return { reason, outcome };
  });
  const alike = Map.groupBy(outcomes, ({ outcome }) => JSON.stringify(outcome));
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ reasons: group.map(({ reason }) => reason), ...first.outcome }];
  });
}

function mutedBy(mute: Settings["mutes"][number], severity: Severity, reasons: readonly TellReason[], { likely, open }: Scope): Muted[] {
  const { when, owner, reason, expires, highestSeverity = "CRITICAL" } = mute;
  const holds = reasons.map((one) => likely(when, one));
  if (severityRank(severity) > severityRank(highestSeverity) || holds.every((one) => one === "no")) {
    return [];
  }
  const conditions = [open(when), holds.includes("no") ? `told as ${when.reasons?.join(", ")}` : ""].filter((part) => part !== "");
  return [{ owner, reason, expires, if: conditions.length === 0 ? null : conditions.join(", ") }];
}

/** Whether something that was asked for reaches nobody: some of what is let in, or nothing of it is let in. */
export const reachesNobody = (rows: readonly Row[]): boolean =>
  rows.every((row) => !row.letIn) || rows.some((row) => row.told.some(({ channels }) => channels.length === 0));
