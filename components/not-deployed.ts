import type { Settings } from "../settings";

/** What the settings ask for and this version does not deploy yet, a sentence each. Nothing of it is silently ignored. */
export function notDeployed(settings: Settings): string[] {
  const { channels, securityGroupGuard, incidentResponse, approvals, mutes, storm } = settings;
  const unknownKinds = Object.entries(channels).filter(([, { kind }]) => kind !== "email");
  const yes = (given: boolean, sentence: string): string[] => (given ? [sentence] : []);
  return [
    ...unknownKinds.map(
      ([name, { kind }]) => `tocsin:channels.${name}: channels of kind ${kind} are not deployed by this version; nothing is sent there.`,
    ),
    ...yes(
      securityGroupGuard !== undefined,
      "tocsin:securityGroupGuard is not deployed by this version; nobody is told of security-group changes.",
    ),
    ...yes(incidentResponse !== undefined, "tocsin:incidentResponse is not deployed by this version; no playbook runs."),
    ...yes(approvals !== undefined, "tocsin:approvals is not deployed by this version; there are no buttons to press."),
    ...yes(mutes.length > 0, "tocsin:mutes is not deployed by this version; what should be muted is told."),
    ...yes(storm !== undefined, "tocsin:storm is not deployed by this version; each finding is told by itself."),
  ];
}
