import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Aggregation } from "./components/aggregation";
import { notDeployed } from "./components/not-deployed";
import { adviceOn, parseSettings, type Settings, SettingsError } from "./settings";

const settings = readSettings();
for (const sentence of [...adviceOn(settings), ...notDeployed(settings)]) {
  pulumi.log.warn(sentence);
}

const { securityAccountId } = settings.organization;

/** The security account. Explicit, so that a shell that is signed in to another account deploys nothing there. */
const securityAccount = new aws.Provider("security", {
  region: settings.region as aws.Region,
  allowedAccountIds: [securityAccountId],
  defaultTags: { tags: { "tocsin:stack": pulumi.getStack() } },
});

const tocsin = new Aggregation("tocsin", { settings }, { providers: [securityAccount] });

export const busArn = tocsin.busArn;
export const tableName = tocsin.tableName;
export const intakeQueueUrl = tocsin.intakeQueueUrl;
export const intakeDeadLetterQueueUrl = tocsin.intakeDeadLetterQueueUrl;
export const alertMachineArn = tocsin.alertMachineArn;
export const alarmTopicArn = tocsin.alarmTopicArn;
export const dkimTokens = tocsin.dkimTokens;

/** Settings that are wrong are the user's to correct: each fault in a line, and no stack trace. */
function readSettings(): Settings {
  try {
    return parseSettings(pulumi.getStack(), pulumi.runtime.allConfig());
  } catch (error) {
    throw error instanceof SettingsError ? new pulumi.RunError(error.message) : error;
  }
}
