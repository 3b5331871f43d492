import type { ExpectedMembers } from "../../functions/heartbeat/silence";
import type { Settings } from "../../settings";

/** Which members have the member's side, as the settings say it. */
export function expectedMembers({ organization }: Settings): ExpectedMembers {
  const { managementAccountId, regions, forwarding } = organization;
  return forwarding.via === "stackset"
    ? { managementAccountId, regions, organizationalUnitIds: forwarding.organizationalUnitIds }
    : { managementAccountId, regions, accountIds: forwarding.accountIds };
}
