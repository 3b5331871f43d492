import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { partitionOf } from "../components/names";
import { UsageError } from "../sandbox/usage-error";
import type { Settings } from "../settings";

type Credentials = NonNullable<ConstructorParameters<typeof STSClient>[0]>["credentials"];

/** What an SDK client of the security account is made with, in the home Region. */
export interface ClientConfig {
  readonly region: string;
  /** Undefined stands for those at hand. */
  readonly credentials: Credentials;
  readonly retryMode: string;
  readonly maxAttempts: number;
}

/**
 * How to reach the real security account: with the credentials at hand, or with what they may assume there.
 * @param command short name of the command, which CloudTrail shows.
 * @throws UsageError if these are credentials of another account, and no role is named.
 */
export async function securityAccount(settings: Settings, command: string): Promise<ClientConfig> {
  return {
    region: settings.region,
    credentials: await credentialsFor(settings, command),
    // Organizations and CloudFormation throttle early; a large Organization is asked page by page.
    retryMode: "adaptive",
    maxAttempts: 10,
  };
}

async function credentialsFor({ region, organization }: Settings, command: string): Promise<Credentials> {
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
  const { Credentials: assumed } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: `tocsin-${command}` }));
  return {
    accessKeyId: assumed?.AccessKeyId ?? "",
    secretAccessKey: assumed?.SecretAccessKey ?? "",
    sessionToken: assumed?.SessionToken ?? "",
  };
}

/** Whatever a real account refused, as a sentence: whose credentials these are is up to the user. */
export function refusedByAws(what: string, error: unknown): UsageError {
  if (error instanceof UsageError) {
    return error;
  }
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  return new UsageError(`${what}: ${name}: ${message}`);
}
