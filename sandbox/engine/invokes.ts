import type { Place, Provisioner } from "../types";
import { policyDocument } from "./policy-document";
import { UNKNOWN, type UnknownValue } from "./properties";

type Arguments = Readonly<Record<string, unknown>>;
type Answer = Record<string, unknown>;

function partitionOf(region: string): { partition: string; dnsSuffix: string } {
  if (region.startsWith("cn-")) return { partition: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
  if (region.startsWith("us-gov-")) return { partition: "aws-us-gov", dnsSuffix: "amazonaws.com" };
  return { partition: "aws", dnsSuffix: "amazonaws.com" };
}

/** What is known of the provider's place without asking AWS. */
const OFFLINE: Readonly<Record<string, (place: Place, args: Arguments) => Answer>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": ({ account, region }) => ({
    id: account,
    accountId: account,
    userId: account,
    arn: `arn:${partitionOf(region).partition}:iam::${account}:root`,
  }),
  "aws:index/getRegion:getRegion": (place, args) => {
    const region = String(args.region ?? args.name ?? place.region);
    return { id: region, name: region, region, description: region, endpoint: `ec2.${region}.${partitionOf(region).dnsSuffix}` };
  },
  "aws:index/getPartition:getPartition": ({ region }) => {
    const { partition, dnsSuffix } = partitionOf(region);
    return { id: partition, partition, dnsSuffix, reverseDnsPrefix: dnsSuffix.split(".").reverse().join(".") };
  },
};

/**
 * What only AWS knows and the program gets along without in a preview: the whole answer is unknown. Others are refused, because a program that asks by a plain
 * call (not `…Output`) would go on with an empty answer.
 */
const UNKNOWN_OFFLINE: readonly string[] = ["aws:organizations/getOrganization:getOrganization"];

/** Answers a provider function: by the provisioner in a real run, from the provider's own settings in a preview. */
export async function answerInvoke(
  token: string,
  args: Arguments,
  place: Place | undefined,
  provisioner: Provisioner | undefined,
): Promise<Answer | UnknownValue> {
  if (token === "aws:iam/getPolicyDocument:getPolicyDocument") return policyDocument(args);
  if (provisioner !== undefined) return provisioner.invoke(token, args, place);
  if (UNKNOWN_OFFLINE.includes(token)) return UNKNOWN;
  const offline = OFFLINE[token];
  if (offline === undefined) throw new Error(`A preview without a cloud cannot call ${token}: it would have to ask AWS.`);
  if (place === undefined) {
    throw new Error(`A preview cannot call ${token} unless its provider names the account (allowedAccountIds) and the Region.`);
  }
  return offline(place, args);
}
