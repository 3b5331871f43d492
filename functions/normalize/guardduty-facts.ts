import { readableDate } from "./dates";
import type { FactList } from "./fact-list";
import { addRuntimeFacts } from "./guardduty-details";
import { at, list, number, textAt, texts } from "./read";

/** Threat purposes of GuardDuty types that are MITRE ATT&CK tactics (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-format.html). */
const TACTICS: Readonly<Record<string, string>> = {
  CredentialAccess: "Credential Access",
  DefenseEvasion: "Defense Evasion",
  Discovery: "Discovery",
  Execution: "Execution",
  Exfiltration: "Exfiltration",
  Impact: "Impact",
  InitialAccess: "Initial Access",
  Persistence: "Persistence",
  PrivilegeEscalation: "Privilege Escalation",
  Recon: "Reconnaissance",
};

/** The MITRE ATT&CK tactic that a GuardDuty type tells, if it does. */
export function tacticOf(kind: string): string | undefined {
  const purpose = kind.slice(0, Math.max(0, kind.indexOf(":")));
  return Object.hasOwn(TACTICS, purpose) ? TACTICS[purpose] : undefined;
}

const MOST_ACTORS = 5;

/** `198.51.100.7 (Amsterdam, Netherlands, Example Networks AS64500)` */
export function address(ip: string | undefined, details: readonly (string | undefined)[]): string | undefined {
  if (ip === undefined) return undefined;
  const known = [...new Set(details.filter((detail) => detail !== undefined))];
  return known.length > 0 ? `${ip} (${known.join(", ")})` : ip;
}

function remoteAddress(remote: unknown): string | undefined {
  const organization = at(remote, "organization");
  const network = textAt(organization, "org") ?? textAt(organization, "asnOrg") ?? textAt(organization, "isp");
  const asn = textAt(organization, "asn");
  return address(textAt(remote, "ipAddressV4") ?? textAt(remote, "ipAddressV6"), [
    textAt(remote, "city", "cityName"),
    textAt(remote, "country", "countryName") ?? textAt(remote, "country", "countryCode"),
    [network, asn === undefined || asn === "0" ? undefined : `AS${asn}`].filter((part) => part !== undefined).join(" ") || undefined,
  ]);
}

function port(details: unknown): string | undefined {
  const found = textAt(details, "port");
  const name = textAt(details, "portName");
  return found === undefined ? undefined : `port ${found}${name === undefined || name === "Unknown" ? "" : ` (${name})`}`;
}

const sentence = (...parts: readonly (string | undefined)[]): string => parts.filter((part) => part !== undefined).join(" ");

/** What was done, by kind of action; the names are those of the GuardDuty API (https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Action.html). */
function addAction(facts: FactList, action: unknown, role: string | undefined): void {
  const call = at(action, "awsApiCallAction");
  const connection = at(action, "networkConnectionAction");
  const dns = at(action, "dnsRequestAction");
  const kubernetes = at(action, "kubernetesApiCallAction");
  const login = at(action, "rdsLoginAttemptAction");
  const probes = list(at(action, "portProbeAction", "portProbeDetails")).slice(0, MOST_ACTORS);
  const remotes = [call, connection, kubernetes, login, ...probes].map((one) => remoteAddress(at(one, "remoteIpDetails")));

  // Where the resource itself is the actor, the other end is who it acts upon.
  facts.addAll(role === "ACTOR" ? "Remote address" : "Actor address", remotes, "; ");
  facts.add("API call", sentence(textAt(call, "api"), call === undefined ? undefined : textAt(call, "serviceName")));
  facts.add("API error", textAt(call, "errorCode"));
  facts.add("User agent", textAt(call, "userAgent") ?? textAt(kubernetes, "userAgent"));
  facts.add("Called from account", textAt(call, "remoteAccountDetails", "accountId"));
  if (connection !== undefined) {
    const direction = textAt(connection, "connectionDirection")?.toLowerCase();
    const [local, remote] = [port(at(connection, "localPortDetails")), port(at(connection, "remotePortDetails"))];
    const parts = [
      sentence(direction, textAt(connection, "protocol")),
      local === undefined ? undefined : `local ${local}`,
      remote === undefined ? undefined : `remote ${remote}`,
      textAt(connection, "blocked")?.toLowerCase() === "true" ? "blocked" : undefined,
    ];
    facts.addAll("Connection", parts);
  }
  facts.add("Domain", textAt(dns, "domain"));
  facts.addAll(
    "Probed",
    probes.map((probe) => port(at(probe, "localPortDetails"))),
  );
  const status = textAt(kubernetes, "statusCode");
  facts.add(
    "Kubernetes call",
    sentence(textAt(kubernetes, "verb"), textAt(kubernetes, "requestUri"), status === undefined ? undefined : `(status ${status})`),
  );
  // The API spells this one key with a capital letter (https://docs.aws.amazon.com/guardduty/latest/APIReference/API_RdsLoginAttemptAction.html).
  for (const attempt of list(at(login, "LoginAttributes") ?? at(login, "loginAttributes")).slice(0, MOST_ACTORS)) {
    const [failed, successful] = [textAt(attempt, "failedLoginAttempts"), textAt(attempt, "successfulLoginAttempts")];
    facts.add("Login attempts", `${textAt(attempt, "user") ?? "unknown user"}: ${failed ?? 0} failed, ${successful ?? 0} successful`);
  }
}

/** What a correlated attack sequence tells (https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Sequence.html). */
function addSequence(facts: FactList, sequence: unknown): void {
  if (sequence === undefined) return;
  const indicators = list(at(sequence, "sequenceIndicators"));
  const named = (key: string): string[] => indicators.filter((one) => at(one, "key") === key).flatMap((one) => texts(at(one, "values")));
  facts.addAll(
    "Actors",
    list(at(sequence, "actors"))
      .slice(0, MOST_ACTORS)
      .map(
        (actor) =>
          sentence(textAt(actor, "user", "type"), textAt(actor, "user", "name")) || textAt(actor, "process", "name") || textAt(actor, "id"),
      ),
  );
  facts.addAll(
    "Actor address",
    list(at(sequence, "endpoints"))
      .slice(0, MOST_ACTORS)
      .map((endpoint) =>
        address(textAt(endpoint, "ip") ?? textAt(endpoint, "domain"), [
          textAt(endpoint, "location", "city"),
          textAt(endpoint, "location", "country"),
          textAt(endpoint, "autonomousSystem", "name"),
        ]),
      ),
    "; ",
  );
  facts.addAll(
    "Signals",
    list(at(sequence, "signals"))
      .slice(0, 20)
      .map((signal) => textAt(signal, "name") ?? textAt(signal, "type")),
  );
  facts.addAll("MITRE ATT&CK tactics", named("ATTACK_TACTIC"));
  facts.addAll("MITRE ATT&CK techniques", named("ATTACK_TECHNIQUE"));
  facts.addAll("Sensitive API calls", named("HIGH_RISK_API"));
}

/** How often GuardDuty saw it. */
export const countOf = (service: unknown): number | undefined => {
  const count = number(at(service, "count"));
  return count !== undefined && Number.isSafeInteger(count) && count > 0 ? count : undefined;
};

/** True for a sample finding, by what its `service` says; the value of `additionalInfo` may be JSON in a string. */
export function isSample(service: unknown): boolean {
  const info = at(service, "additionalInfo");
  const value = at(info, "value");
  return (
    String(at(info, "sample")).toLowerCase() === "true" || (typeof value === "string" && /"sample"\s*:\s*true/.test(value.slice(0, 4096)))
  );
}

/** What happened, from the `service` of a GuardDuty finding: its own event's, or that of its copy in Security Hub. */
export function addGuardDutyFacts(facts: FactList, kind: string, service: unknown): void {
  const role = textAt(service, "resourceRole");
  addAction(facts, at(service, "action"), role);
  addRuntimeFacts(facts, at(service, "runtimeDetails"));
  addSequence(facts, at(service, "detection", "sequence"));
  facts.add("MITRE ATT&CK tactic", tacticOf(kind));
  facts.addAll(
    "Threat list",
    list(at(service, "evidence", "threatIntelligenceDetails"))
      .slice(0, MOST_ACTORS)
      .map((threat) => textAt(threat, "threatListName")),
  );
  facts.add("Last seen", readableDate(at(service, "eventLastSeen")));
  facts.add("The resource is the", role === "ACTOR" || role === "TARGET" ? role.toLowerCase() : undefined);
}
