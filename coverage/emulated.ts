import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import type { Sandbox } from "../sandbox/sandbox";
import type { Observed } from "./coverage";
import { observe } from "./read";

/** Lets a day's schedules run in an open sandbox (accounts are looked up, every member sends its sign of life), and reads its Organization by its AWS API. */
export async function observeSandbox({ runtime, cloud, home, stack }: Sandbox): Promise<Observed> {
  for (const schedule of ["accounts", "heartbeat"]) {
    await runtime.runSchedule(schedule);
    await runtime.settle();
  }
  const config = { endpoint: cloud.endpoint, region: home.region, credentials: cloud.operatorCredentials(home.account) };
  const organizations = new OrganizationsClient(config);
  const cloudFormation = new CloudFormationClient(config);
  const dynamoDb = new DynamoDBClient(config);
  try {
    return await observe({ organizations, cloudFormation, dynamoDb }, stack.settings);
  } finally {
    for (const client of [organizations, cloudFormation, dynamoDb]) {
      client.destroy();
    }
  }
}
