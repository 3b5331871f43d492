import { EC2Client } from "@aws-sdk/client-ec2";
import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import { partitionOf } from "../normalize/place";
import { GUARD_ROLE } from "./settings";

/** Keys of a role's session. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Sends EC2's commands in one account and Region. */
export type Ec2 = Pick<EC2Client, "send">;

/** Reaches EC2 of a member. `session` becomes part of the role's session name, by which CloudTrail tells what a call was for. */
export type Members = (accountId: string, region: string, session?: string) => Promise<Ec2>;

export interface MembersParts {
  readonly sts: Pick<STSClient, "send">;
  readonly externalId: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** How long before they expire credentials are no longer used, in milliseconds. */
const MARGIN = 300_000;

/** Attempts at a request to EC2: its throttling is by account and Region, and short. */
const ATTEMPTS = 5;

/** Reaches members by the guard's role there. A role is assumed once, and again five minutes before its credentials expire; those who ask at the same time share one request. */
export function membersBy({ sts, externalId, now }: MembersParts): Members {
  const known = new Map<string, { readonly credentials: Promise<Credentials>; until: number }>();

  const assume = async (accountId: string, region: string, session: string, entry: { until: number }): Promise<Credentials> => {
    const { Credentials: assumed } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: guardRoleArn(accountId, region),
        RoleSessionName: session,
        ExternalId: externalId,
      }),
    );
    if (assumed?.AccessKeyId === undefined || assumed.SecretAccessKey === undefined || assumed.SessionToken === undefined) {
      throw new Error(`STS gave no credentials for account ${accountId}`);
    }
    entry.until = (assumed.Expiration?.getTime() ?? 0) - MARGIN;
    return { accessKeyId: assumed.AccessKeyId, secretAccessKey: assumed.SecretAccessKey, sessionToken: assumed.SessionToken };
  };

  return async (accountId, region, session) => {
    const name = session === undefined ? GUARD_ROLE : `tocsin-${session}`;
    const key = `${accountId} ${name}`;
    for (const [old, { until }] of known) {
      if (until <= now()) known.delete(old);
    }
    let entry = known.get(key);
    if (entry === undefined) {
      const fresh = { until: Number.POSITIVE_INFINITY };
      entry = Object.assign(fresh, { credentials: assume(accountId, region, name, fresh) });
      known.set(key, entry);
      entry.credentials.catch(() => known.delete(key));
    }
    return new EC2Client({ region, credentials: await entry.credentials, maxAttempts: ATTEMPTS });
  };
}

/** ARN of the guard's role in an account. */
export const guardRoleArn = (accountId: string, region: string): string =>
  `arn:${partitionOf(region)}:iam::${accountId}:role/${GUARD_ROLE}`;
