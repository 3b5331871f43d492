import * as aws from "@pulumi/aws";
import { Forwarding } from "../../../components/forwarding/forwarding";
import { type MemberSide, memberSide } from "../../../components/forwarding/member-side";
import { parseSettings, type Settings } from "../../../settings";
import { type Declared, declare } from "../deployed";
import { CONFIG } from "../example-config";

/** Settings of the example configuration, with what is given changed in `tocsin:organization`; with the guard, which needs a rule of its own. */
export const settingsWith = (organization: Readonly<Record<string, unknown>> = {}): Settings =>
  parseSettings("test", {
    ...CONFIG,
    "tocsin:organization": { ...(CONFIG["tocsin:organization"] as object), ...organization },
    "tocsin:securityGroupGuard": {},
  });

/** The member's side of such settings. */
export const sideWith = (organization?: Readonly<Record<string, unknown>>): MemberSide => memberSide(settingsWith(organization));

/** Settings with explicit providers for some accounts. */
export const viaProviders = (...accountIds: readonly string[]): Settings => settingsWith({ forwarding: { via: "providers", accountIds } });

/** Ids of this many accounts. */
export const accountIds = (count: number): string[] => Array.from({ length: count }, (_, index) => String(300_000_000_000 + index));

/** Declares the forwarding of settings, and answers its resources without the providers. */
export async function declareForwarding(settings: Settings): Promise<Declared[]> {
  const { forwarding, managementAccountId } = settings.organization;
  const provider = (account: string) => new aws.Provider(account, { region: "eu-west-1", allowedAccountIds: [account] });
  const all = await declare(() => {
    const accounts = forwarding.via === "providers" ? forwarding.accountIds.filter((account) => account !== managementAccountId) : [];
    new Forwarding("members", {
      settings,
      side: memberSide(settings),
      management: provider(managementAccountId),
      members: Object.fromEntries(accounts.map((account) => [account, provider(account)])),
    });
  });
  return all.filter(({ type }) => !type.startsWith("pulumi:"));
}
