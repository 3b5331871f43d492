import type { Finding, Normalized } from "../finding";
import { fromAsff } from "./asff";
import { line } from "./bounds";
import { type Envelope, readEnvelope } from "./envelope";
import { fromGuardDuty } from "./guardduty";
import { fromInspector } from "./inspector";
import { NotAFinding } from "./not-a-finding";
import { fromOcsf } from "./ocsf";
import { object } from "./read";

export { NotAFinding } from "./not-a-finding";

/** Readers by source and detail type. */
const READERS: Readonly<Record<string, (envelope: Envelope) => Finding>> = {
  "aws.securityhub/Security Hub Findings - Imported": fromAsff,
  "aws.securityhub/Findings Imported V2": fromOcsf,
  "aws.guardduty/GuardDuty Finding": fromGuardDuty,
  "aws.inspector2/Inspector2 Finding": fromInspector,
};

/**
 * What an EventBridge event reports, in one form for all services and formats. Pure: reads no clock, changes nothing of the event.
 * @throws {NotAFinding} for what can never succeed: no event, an unknown kind of event, a finding without id, account or severity. All else may be missing.
 */
export function normalize(event: unknown): Normalized {
  const given = object(event);
  if (given === undefined) throw new NotAFinding("The event is not a JSON object.");
  const envelope = readEnvelope(given);
  const name = `${envelope.source}/${envelope.detailType}`;
  const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (reader === undefined) {
    const [source, type] = [line(envelope.source, 100) || "none", line(envelope.detailType, 100) || "none"];
    throw new NotAFinding(`No findings come in events of source "${source}" and detail type "${type}".`);
  }
  return { eventId: envelope.id, eventTime: envelope.time, finding: reader(envelope) };
}
