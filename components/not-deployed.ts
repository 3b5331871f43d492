import type { Settings } from "../settings";

/** What the settings ask for and this version does not deploy (yet), a sentence each. Nothing of it is silently ignored. */
export function notDeployed({ organization, securityGroupGuard, incidentResponse, approvals }: Settings): string[] {
  const yes = (given: boolean, sentence: string): string[] => (given ? [sentence] : []);
  const { forwarding, securityAccountId } = organization;
  return [
    ...yes(incidentResponse !== undefined, "tocsin:incidentResponse is not deployed by this version; no playbook runs."),
    ...yes(
      approvals !== undefined && securityGroupGuard === undefined && incidentResponse === undefined,
      "tocsin:approvals has no effect: there is neither tocsin:securityGroupGuard nor tocsin:incidentResponse, so there are no buttons to press.",
    ),
    ...yes(
      securityGroupGuard !== undefined && forwarding.via === "providers" && !forwarding.accountIds.includes(securityAccountId),
      `tocsin:organization.forwarding.accountIds does not name the security account ${securityAccountId}: its own security groups are not guarded.`,
    ),
  ];
}
