import type { Settings } from "../settings";

/** What the settings ask for and this version does not deploy yet, a sentence each. Nothing of it is silently ignored. */
export function notDeployed({ securityGroupGuard, incidentResponse, approvals }: Settings): string[] {
  const yes = (given: boolean, sentence: string): string[] => (given ? [sentence] : []);
  return [
    ...yes(
      securityGroupGuard !== undefined,
      "tocsin:securityGroupGuard is not deployed by this version; nobody is told of security-group changes.",
    ),
    ...yes(incidentResponse !== undefined, "tocsin:incidentResponse is not deployed by this version; no playbook runs."),
    ...yes(approvals !== undefined, "tocsin:approvals is not deployed by this version; there are no buttons to press."),
  ];
}
