import * as pulumi from "@pulumi/pulumi";
import { accountProvider, memberProviders } from "./components/account-provider";
import { Aggregation } from "./components/aggregation";
import { Forwarding } from "./components/forwarding/forwarding";
import { memberSide } from "./components/forwarding/member-side";
import { notDeployed } from "./components/not-deployed";
import { Organization } from "./components/organization/organization";
import { adviceOn, parseSettings, type Settings, SettingsError } from "./settings";

const settings = readSettings();
for (const sentence of [...adviceOn(settings), ...notDeployed(settings)]) {
  pulumi.log.warn(sentence);
}

const { region, organization } = settings;
const { managementAccountId, securityAccountId, deploymentRole: roleName } = organization;
const management = accountProvider("management", { account: managementAccountId, region, roleName });
const security = accountProvider("security", { account: securityAccountId, region, roleName });

const members = memberProviders(settings, { [managementAccountId]: management, [securityAccountId]: security });

const { organizationId, stackSetsDelegation } = new Organization("organization", { settings, management, security });
const tocsin = new Aggregation("tocsin", { settings, organizationId }, { providers: [security] });
new Forwarding(
  "members",
  { settings, side: memberSide(settings), management, members },
  { providers: [security], dependsOn: [tocsin, ...stackSetsDelegation] },
);

export const busArn = tocsin.busArn;
export const tableName = tocsin.tableName;
export const intakeQueueUrl = tocsin.intakeQueueUrl;
export const intakeDeadLetterQueueUrl = tocsin.intakeDeadLetterQueueUrl;
export const alertMachineArn = tocsin.alertMachineArn;
export const alarmTopicArn = tocsin.alarmTopicArn;
export const buttonsUrl = tocsin.buttonsUrl;
export const channelTopicArns = tocsin.channelTopicArns;
export const dkimTokens = tocsin.dkimTokens;

/** Settings that are wrong are the user's to correct: each fault in a line, and no stack trace. */
function readSettings(): Settings {
  try {
    return parseSettings(pulumi.getStack(), pulumi.runtime.allConfig());
  } catch (error) {
    throw error instanceof SettingsError ? new pulumi.RunError(error.message) : error;
  }
}
