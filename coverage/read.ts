import { type CloudFormationClient, ListStackInstancesCommand, type ListStackInstancesCommandOutput } from "@aws-sdk/client-cloudformation";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { OrganizationsClient } from "@aws-sdk/client-organizations";
import { regionGroups, stackSetName } from "../components/forwarding/region-groups";
import { physicalName } from "../components/names";
import { allAccounts } from "../functions/accounts/organization";
import type { AccountRecord } from "../functions/accounts/record";
import { HeartbeatTable } from "../functions/heartbeat/table";
import type { Settings } from "../settings";
import type { Observed, StackInstance } from "./coverage";

/** Clients of the security account, in the home Region. */
export interface Clients {
  readonly organizations: OrganizationsClient;
  readonly cloudFormation: CloudFormationClient;
  readonly dynamoDb: DynamoDBClient;
}

/** Reads what is known of the Organization. Changes nothing. */
export async function observe(clients: Clients, settings: Settings): Promise<Observed> {
  const [accounts, instances, { heartbeats }] = await Promise.all([
    readAccounts(clients.organizations),
    readInstances(clients.cloudFormation, settings),
    new HeartbeatTable(clients.dynamoDb, physicalName("episodes")).members(),
  ]);
  return { accounts, instances, heartbeats };
}

/** From AWS Organizations rather than from the table: an account that was moved a minute ago counts where it is now. */
async function readAccounts(client: OrganizationsClient): Promise<readonly AccountRecord[]> {
  const accounts: AccountRecord[] = [];
  for await (const page of allAccounts(client)) {
    accounts.push(...page);
  }
  return accounts;
}

async function readInstances(client: CloudFormationClient, settings: Settings): Promise<readonly StackInstance[]> {
  if (settings.organization.forwarding.via !== "stackset") {
    return [];
  }
  const instances: StackInstance[] = [];
  // One StackSet after the other: CloudFormation allows few of these calls a second.
  for (const index of regionGroups(settings).keys()) {
    instances.push(...(await instancesOf(client, stackSetName(index))));
  }
  return instances;
}

/** Instances of a StackSet; none if it does not exist (yet). */
async function instancesOf(client: CloudFormationClient, name: string): Promise<readonly StackInstance[]> {
  const instances: StackInstance[] = [];
  let next: string | undefined;
  try {
    do {
      const page: ListStackInstancesCommandOutput = await client.send(
        new ListStackInstancesCommand({ StackSetName: name, CallAs: "DELEGATED_ADMIN", NextToken: next }),
      );
      for (const { Account, Region, Status, StatusReason, StackInstanceStatus } of page.Summaries ?? []) {
        if (Account !== undefined && Region !== undefined) {
          const reason = StatusReason ?? StackInstanceStatus?.DetailedStatus;
          instances.push({ accountId: Account, region: Region, status: Status ?? "UNKNOWN", reason });
        }
      }
      next = page.NextToken;
    } while (next !== undefined);
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
  }
  return instances;
}

const isNotFound = (error: unknown): boolean => error instanceof Error && error.name === "StackSetNotFoundException";
