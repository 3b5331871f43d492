import { randomUUID } from "node:crypto";
import type { AlertSettings } from "../functions/alert-settings";
import { observation } from "../functions/episodes/changes";
import { episodeKey } from "../functions/episodes/key";
import type { EpisodeRecord } from "../functions/episodes/record";
import { decide, mutedOpening, openingOf } from "../functions/episodes/rules";
import { holds, type Mute } from "../functions/mutes/mutes";
import { normalize } from "../functions/normalize";
import { median } from "./statistics";

/** How many pairs of measurements, and how many findings in each. */
const PAIRS = 25;
const FINDINGS = 250;

/** When the events of the tests are looked at. */
const NOW = Date.UTC(2026, 2, 1, 9);

/** Mutes as a team may have them: one that is over, and some that look at every finding without keeping any of these back. */
const MUTES: readonly Mute[] = [
  { when: { origins: ["guardduty"] }, expires: "2026-02-01T00:00:00Z", owner: "alice@example.com", reason: "penetration test" },
  { when: { accounts: ["lab", "999999999999"] }, expires: "2026-03-03T09:00:00Z", owner: "alice@example.com", reason: "penetration test" },
  {
    when: { tags: { stage: "load-test" } },
    expires: "2026-03-03T09:00:00+01:00",
    highestSeverity: "HIGH",
    owner: "alice@example.com",
    reason: "load test",
  },
];

/** Parses, normalizes and decides about a repeated finding; `builds` also builds the write that it makes. No I/O. */
function judged(settings: AlertSettings, body: string, before: EpisodeRecord, builds: boolean): unknown {
  const { eventId, eventTime, finding } = normalize(JSON.parse(body));
  const key = episodeKey(finding);
  const holding = MUTES.filter((mute) => holds(mute, finding, NOW) === "yes");
  const opening = mutedOpening(openingOf(settings, finding, NOW), holding, NOW);
  const decision = decide(opening, { accepted: true, before }, finding, eventId, NOW);
  if (!builds) {
    return [key, decision];
  }
  const claim = { telling: randomUUID(), by: eventId, until: new Date(NOW).toISOString(), reason: "new" } as const;
  return [decision, observation(key, finding, opening, claim, { eventTime, expires: NOW })];
}

/** Record of a problem that was told and is open. */
const told = (body: string): EpisodeRecord => {
  const { finding } = normalize(JSON.parse(body));
  return {
    ...finding,
    key: episodeKey(finding),
    number: 1,
    status: "open",
    ids: [finding.id],
    lastSeen: finding.updatedAt,
    seen: 1,
    suppressed: false,
    channels: {},
    toldBefore: true,
    resource: undefined,
    claim: { telling: "telling", by: "another event", until: finding.updatedAt, reason: "new" },
    told: "CRITICAL",
    deliveredTelling: "telling",
    confirmations: {},
  };
};

const nanoseconds = (run: () => unknown): number => {
  const start = process.hrtime.bigint();
  for (let count = 0; count < FINDINGS; count++) {
    run();
  }
  return Number(process.hrtime.bigint() - start);
};

/**
 * How long triage's own code takes for an event, as a multiple of JSON.parse of the same event: measured by turns, the median of the pairs.
 * @param builds whether building the table's write counts too.
 */
export function triageRatio(settings: AlertSettings, body: string, builds: boolean): number {
  const before = told(body);
  const ours = (): unknown => judged(settings, body, before, builds);
  const parse = (): unknown => JSON.parse(body);
  // Until the compiler has seen what it is about.
  nanoseconds(ours);
  nanoseconds(parse);
  const ratios: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    ratios.push(nanoseconds(ours) / nanoseconds(parse));
  }
  return median(ratios);
}
