import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { partitionOf } from "../components/names";
import { UsageError } from "../sandbox/usage-error";
import type { Settings } from "../settings";
import type { Observed } from "./coverage";
import { observe } from "./read";

type Credentials = NonNullable<ConstructorParameters<typeof STSClient>[0]>["credentials"];

/** Reads the real Organization. @throws UsageError if it cannot be read: whose credentials these are is up to the user. */
export async function observeAws(settings: Settings): Promise<Observed> {
  try {
    const config = {
      region: settings.region,
      credentials: await credentialsFor(settings),
      // Organizations and CloudFormation throttle early; a large Organization is asked page by page.
      retryMode: "adaptive",
      maxAttempts: 10,
    };
    return await observe(
      {
        organizations: new OrganizationsClient(config),
        cloudFormation: new CloudFormationClient(config),
        dynamoDb: new DynamoDBClient(config),
      },
      settings,
    );
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(refusal(settings, error));
  }
}

/** Credentials of the security account: those at hand, or what they may assume there. Undefined stands for those at hand. */
async function credentialsFor({ region, organization }: Settings): Promise<Credentials> {
  const { securityAccountId, deploymentRole } = organization;
  const sts = new STSClient({ region });
  const { Account } = await sts.send(new GetCallerIdentityCommand({}));
  if (Account === securityAccountId) {
    return undefined;
  }
  if (deploymentRole === undefined) {
    throw new UsageError(
      `these are credentials of account ${Account}; needed: credentials of the security account ${securityAccountId}, or tocsin:organization.deploymentRole to assume a role there`,
    );
  }
  const RoleArn = `arn:${partitionOf(region)}:iam::${securityAccountId}:role/${deploymentRole}`;
  const { Credentials: assumed } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "tocsin-coverage" }));
  return {
    accessKeyId: assumed?.AccessKeyId ?? "",
    secretAccessKey: assumed?.SecretAccessKey ?? "",
    sessionToken: assumed?.SessionToken ?? "",
  };
}

function refusal({ region, organization }: Settings, error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  return name === "ResourceNotFoundException"
    ? `tocsin is not deployed in account ${organization.securityAccountId}, Region ${region}: the table of its episodes does not exist`
    : `AWS did not tell about the Organization: ${name}: ${message}`;
}
