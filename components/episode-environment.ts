import type * as pulumi from "@pulumi/pulumi";
import { isAccountId } from "../functions/mutes/mutes";
import type { Settings } from "../settings";
import { resolvesOf } from "./channels/configured";
import type { Storms } from "./storms";

/** Whether a mute is about accounts by what the finding does not say of them: their names or organizational units. */
export const asksForAccounts = ({ mutes }: Pick<Settings, "mutes">): boolean =>
  mutes.some(
    ({ when: { accounts = [], organizationalUnits } }) => organizationalUnits ?? accounts.some((account) => !isAccountId(account)),
  );

/** What the functions that decide whom to tell of an episode know of the settings. What the settings leave out is absent. */
export const episodeEnvironment = (settings: Settings, storms?: Storms): Readonly<Record<string, pulumi.Input<string>>> => ({
  ALERTS: JSON.stringify(settings.alerts),
  RESOLVES: JSON.stringify(resolvesOf(settings)),
  ...(settings.mutes.length > 0 && { MUTES: JSON.stringify(settings.mutes) }),
  ...(storms && { STORM: JSON.stringify(settings.storm), STORMS_URL: storms.queue.url }),
});
