import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { refusedByAws, securityAccount } from "../commands/security-account";
import { UsageError } from "../sandbox/usage-error";
import type { Settings } from "../settings";
import type { Observed } from "./coverage";
import { observe } from "./read";

/** Reads the real Organization. @throws UsageError if it cannot be read: whose credentials these are is up to the user. */
export async function observeAws(settings: Settings): Promise<Observed> {
  try {
    const config = await securityAccount(settings, "coverage");
    return await observe(
      {
        organizations: new OrganizationsClient(config),
        cloudFormation: new CloudFormationClient(config),
        dynamoDb: new DynamoDBClient(config),
      },
      settings,
    );
  } catch (error) {
    throw isNotDeployed(error) ? notDeployed(settings) : refusedByAws("AWS did not tell about the Organization", error);
  }
}

const isNotDeployed = (error: unknown): boolean => error instanceof Error && error.name === "ResourceNotFoundException";

const notDeployed = ({ region, organization }: Settings): UsageError =>
  new UsageError(
    `tocsin is not deployed in account ${organization.securityAccountId}, Region ${region}: the table of its episodes does not exist`,
  );
