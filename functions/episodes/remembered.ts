import type { Finding } from "../finding";
import { consoleUrl } from "../normalize/console";
import { productArnOf } from "../normalize/place";
import type { EpisodeRecord } from "./record";

/** What the table remembers of a finding, for telling of it when Security Hub has no copy to show: all of it where nobody was told yet, else little. */
export function rememberedFinding(record: EpisodeRecord): Finding {
  const { kept, title, severity, updatedAt } = record;
  // Of an event that need not wait, and was not told, only the record knows.
  return kept === undefined ? outlined(record) : { ...kept, title, severity, updatedAt, state: "active" };
}

function outlined(record: EpisodeRecord): Finding {
  const id = record.ids[0] ?? record.problem;
  return {
    origin: record.origin,
    id,
    productArn: productArnOf(record.origin, record.region),
    fromSecurityHub: false,
    problem: record.problem,
    kind: record.kind,
    standards: [],
    accountId: record.accountId,
    region: record.region,
    severity: record.severity,
    title: record.title,
    description: "",
    resources: record.resource === undefined ? [] : [{ ...record.resource, tags: {} }],
    facts: [],
    remediation: {},
    state: "active",
    sample: false,
    firstSeen: record.firstSeen ?? record.lastSeen,
    updatedAt: record.updatedAt,
    consoleUrl: consoleUrl(record.origin, record.region, id),
  };
}
