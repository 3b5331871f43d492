import { alarmTopicArn, dueIndexArn, hubArn, type Place, stateMachineArn, tableArn } from "./names";
import type { Statement } from "./policies";

/** What the functions need of the services around them, by what they do there. */

/** Requests to the episodes table, for example `UpdateItem`. */
export const usesTable = (place: Place, ...operations: readonly string[]): Statement => ({
  sid: "UsesTable",
  actions: operations.map((operation) => `dynamodb:${operation}`),
  resources: [tableArn(place)],
});

/** Reads what is due. */
export const readsDue = (place: Place): Statement => ({ sid: "ReadsDue", actions: ["dynamodb:Query"], resources: [dueIndexArn(place)] });

/** Starts the workflow "alert", or waits for it as well. */
export const startsAlert = (place: Place, operation: "StartExecution" | "StartSyncExecution"): Statement => ({
  sid: "StartsAlert",
  actions: [`states:${operation}`],
  resources: [stateMachineArn(place, "alert")],
});

/** Asks Security Hub whether findings are still active. */
export const asksSecurityHub = (place: Place): Statement => ({
  sid: "AsksSecurityHub",
  actions: ["securityhub:GetFindings"],
  resources: [hubArn(place)],
});

/** Marks findings in Security Hub as notified. */
export const marksFindings = (place: Place): Statement => ({
  sid: "MarksFindings",
  actions: ["securityhub:BatchUpdateFindings"],
  resources: [hubArn(place)],
});

/** Tells the people who look after tocsin itself. */
export const tellsAlarmTopic = (place: Place): Statement => ({
  sid: "TellsAlarmTopic",
  actions: ["sns:Publish"],
  resources: [alarmTopicArn(place)],
});

/**
 * Asks AWS Organizations. Listing has no resource level; the ARNs of accounts and units contain the Organization's id, which the settings do not know, and no
 * caller can ask about another Organization than its own.
 */
export const asksOrganizations = (...operations: readonly string[]): Statement => ({
  sid: "AsksOrganizations",
  actions: operations.map((operation) => `organizations:${operation}`),
  resources: ["*"],
});
