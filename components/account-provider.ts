import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings";
import { type Place, partitionOf } from "./names";

export interface AccountProviderArgs extends Place {
  /** Role to assume in the account. Default: the credentials at hand, as they are. */
  readonly roleName?: string;
}

/**
 * A provider for one account. Explicit and bound to the account's id, so that a shell that is signed in elsewhere deploys nothing there. Its Region is where
 * resources go that name none; one provider serves all Regions.
 */
export const accountProvider = (
  name: string,
  { account, region, roleName }: AccountProviderArgs,
  opts?: pulumi.ResourceOptions,
): aws.Provider =>
  new aws.Provider(
    name,
    {
      region: region as aws.Region,
      allowedAccountIds: [account],
      assumeRoles:
        roleName === undefined
          ? undefined
          : // The session's name tells in CloudTrail who it was.
            [{ roleArn: `arn:${partitionOf(region)}:iam::${account}:role/${roleName}`, sessionName: "tocsin-deployment" }],
      defaultTags: { tags: { "tocsin:stack": pulumi.getStack() } },
    },
    opts,
  );

/** With `via: providers`, the provider of each account that is covered, by the account's id; those that are `known` are used again. */
export function memberProviders(
  { region, organization }: Settings,
  known: Readonly<Record<string, aws.Provider>>,
): Readonly<Record<string, aws.Provider>> {
  const { forwarding } = organization;
  if (forwarding.via !== "providers") {
    return {};
  }
  const { accountIds, roleName } = forwarding;
  return Object.fromEntries(
    accountIds.map((account) => [account, known[account] ?? accountProvider(`member-${account}`, { account, region, roleName })]),
  );
}
