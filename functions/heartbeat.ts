import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { required, requiredJson } from "./environment";
import { silenceMessage } from "./heartbeat/message";
import { type ExpectedMembers, SILENT_MEMBERS, silentMembers } from "./heartbeat/silence";
import { HeartbeatTable } from "./heartbeat/table";
import { log } from "./log";
import { count } from "./metrics";
import { scheduled } from "./timed/run";

/** The daily schedule: names the members that have not been heard of, to the people who look after tocsin itself. */
export function createHandler() {
  const table = new HeartbeatTable(new DynamoDBClient({}), required("TABLE_NAME"));
  const expected = requiredJson<ExpectedMembers>("MEMBERS");
  const topic = required("ALARM_TOPIC_ARN");
  const sns = new SNSClient({});
  return scheduled("heartbeat", async () => {
    const members = await table.members();
    const silent = silentMembers({ ...members, expected, now: Date.now() });
    for (const member of silent) {
      log({ kind: "silent", ...member });
    }
    count(SILENT_MEMBERS, silent.length);
    if (silent.length > 0) {
      const { subject, text } = silenceMessage(silent);
      await sns.send(new PublishCommand({ TopicArn: topic, Subject: subject, Message: text }));
    }
    return { accounts: members.accounts.length, silent: silent.length };
  });
}
