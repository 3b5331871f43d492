import type { AccountInfo } from "../alert";
import { fits } from "../routing/match";
import type { GroupNow } from "./read-group";
import type { GuardSettings } from "./settings";

/** Whether a change is left alone: why, or that nobody can say. */
export type Exemption =
  | { readonly exempt: false }
  | { readonly exempt: true; readonly why: string }
  /** It depends on what is not known of the account: told, not touched. */
  | { readonly exempt: "unknown"; readonly why: string };

const NOT_EXEMPT: Exemption = { exempt: false };

/** Whether the settings exempt anything by the account's name or its organizational units, so that it has to be looked up. */
export const asksForAccount = ({ exemptAccounts, exemptOrganizationalUnits }: GuardSettings): boolean =>
  exemptAccounts.some((account) => !/^\d{12}$/.test(account)) || exemptOrganizationalUnits.length > 0;

/** Whether an account is exempt, as far as it is known. */
export function exemptAccount({ exemptAccounts, exemptOrganizationalUnits }: GuardSettings, account: AccountInfo): Exemption {
  const holds = (when: { readonly accounts?: readonly string[]; readonly organizationalUnits?: readonly string[] }): boolean =>
    fits(when, { finding: { severity: "HIGH", origin: "security-group", resources: [] }, account, reason: "new" });
  if (exemptAccounts.length > 0 && holds({ accounts: exemptAccounts })) {
    return { exempt: true, why: `the account ${account.name ?? account.id} is exempt` };
  }
  if (exemptOrganizationalUnits.length > 0 && holds({ organizationalUnits: exemptOrganizationalUnits })) {
    return { exempt: true, why: `the organizational unit ${account.path?.join(" / ") ?? "of the account"} is exempt` };
  }
  const isUnknown =
    (exemptAccounts.some((name) => !/^\d{12}$/.test(name)) && account.name === undefined) ||
    (exemptOrganizationalUnits.length > 0 && account.organizationalUnitIds === undefined);
  return isUnknown ? { exempt: "unknown", why: "whether its account is exempt is not known yet" } : NOT_EXEMPT;
}

/** Whether a group is exempt by a tag on it or its VPC. */
export function exemptGroup(
  { exemptTag }: Pick<GuardSettings, "exemptTag">,
  { tags, vpcTags }: Pick<GroupNow, "tags" | "vpcTags">,
): Exemption {
  if (exemptTag !== undefined && tags.includes(exemptTag)) {
    return { exempt: true, why: `the group has the tag ${exemptTag}` };
  }
  return exemptTag !== undefined && vpcTags.includes(exemptTag) ? { exempt: true, why: `its VPC has the tag ${exemptTag}` } : NOT_EXEMPT;
}
