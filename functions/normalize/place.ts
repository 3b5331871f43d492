import type { Origin } from "../finding";
import { text } from "./read";

const ACCOUNT = /^\d{12}$/;
/** `eu-west-1`, `us-gov-west-1`, `us-iso-east-1`, `eusc-de-east-1`. Strict, because the Region becomes part of a host name in links. */
const REGION = /^[a-z]{2,5}(-[a-z]{1,10}){1,3}-\d{1,2}$/;
const PARTITION = /^aws(?:-[a-z]{1,10}){0,3}$/;
/** `product/aws/…` in ASFF, `productv2/aws/…` in OCSF. Inspector and Inspector Classic share one product. */
const PRODUCT = /^arn:aws[a-z-]*:securityhub:[^:]*:[^:]*:product(?:v2)?\/aws\/(securityhub|guardduty|inspector)2?$/i;

/** The account id, if it is one. */
export const accountId = (value: unknown): string | undefined => {
  const found = text(value)?.trim();
  return found !== undefined && ACCOUNT.test(found) ? found : undefined;
};

/** The Region, if it is one. */
export const regionName = (value: unknown): string | undefined => (typeof value === "string" && REGION.test(value) ? value : undefined);

export interface Arn {
  readonly partition: string;
  readonly region?: string;
  readonly account?: string;
  /** All after the account. */
  readonly resource: string;
}

/** The parts of an ARN. */
export function parseArn(value: unknown): Arn | undefined {
  if (typeof value !== "string" || !value.startsWith("arn:")) return undefined;
  const parts = value.split(":");
  if (parts.length < 6) return undefined;
  const [, partition = "", , region, account] = parts;
  if (!PARTITION.test(partition)) return undefined;
  const place = { region: regionName(region), account: accountId(account) };
  return {
    partition,
    ...(place.region === undefined ? {} : { region: place.region }),
    ...(place.account === undefined ? {} : { account: place.account }),
    resource: parts.slice(5).join(":"),
  };
}

/** The AWS partition that a Region is in, as far as it has a public console. */
export function partitionOf(region: string): "aws" | "aws-cn" | "aws-us-gov" {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** Which of our origins a Security Hub product is, by its ARN; product names change, ARNs do not. */
export function originOfProduct(productArn: unknown): Origin | undefined {
  const match = typeof productArn === "string" ? PRODUCT.exec(productArn.trim()) : null;
  return match ? (match[1]?.toLowerCase() as Origin) : undefined;
}

/**
 * ASFF product ARN under which Security Hub keeps the findings of an origin; with the finding's id it is what BatchUpdateFindings asks for
 * (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-internal-providers.html).
 */
export const productArnOf = (origin: Origin, region: string, partition: string = partitionOf(region)): string =>
  `arn:${partition}:securityhub:${region}::product/aws/${origin}`;

/** The ARN of an EC2 instance, which Inspector and OCSF name by its bare id. */
export const instanceArn = (id: string, region: string, accountId: string, partition: string = partitionOf(region)): string =>
  `arn:${partition}:ec2:${region}:${accountId}:instance/${id}`;
