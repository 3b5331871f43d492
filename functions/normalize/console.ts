import type { Origin } from "../finding";
import { partitionOf } from "./place";

const DOMAINS = { aws: "console.aws.amazon.com", "aws-us-gov": "console.amazonaws-us-gov.com", "aws-cn": "console.amazonaws.cn" } as const;

function home(service: string, region: string): string {
  const place = encodeURIComponent(region);
  return `https://${place}.${DOMAINS[partitionOf(region)]}/${service}/home?region=${place}#`;
}

/** A finding in the Security Hub console: the list, filtered by its id. The console encodes the value of a filter twice. */
const securityHub = (region: string, id: string): string =>
  `${home("securityhub", region)}/findings?search=${encodeURIComponent(`Id=${encodeURIComponent(`\\operator\\:EQUALS\\:${id}`)}`)}`;

/** A finding in the GuardDuty console; this is the `SourceUrl` that GuardDuty itself gives in Security Hub. */
const guardDuty = (region: string, id: string): string =>
  `${home("guardduty", region)}/findings?macros=current&fId=${encodeURIComponent(id.slice(id.lastIndexOf("/") + 1))}`;

const inspector = (region: string, id: string): string => `${home("inspector/v2", region)}/findings/details/${encodeURIComponent(id)}`;

/** Where to look at a security group in the EC2 console; without an id, at all of them. */
export const securityGroupUrl = (region: string, groupId?: string): string =>
  `${home("ec2", region)}${groupId === undefined ? "SecurityGroups:" : `SecurityGroup:groupId=${encodeURIComponent(groupId)}`}`;

/** Where to look at the finding in the AWS console of its partition and Region. */
export function consoleUrl(origin: Origin, region: string, id: string): string {
  if (origin === "guardduty") return guardDuty(region, id);
  // Known by the id of the change, which does not say in which group it was.
  if (origin === "security-group") return securityGroupUrl(region);
  return origin === "inspector" ? inspector(region, id) : securityHub(region, id);
}

/** Where to look at an object of a bucket in the S3 console. */
export function objectUrl(region: string, bucket: string, key: string): string {
  const place = encodeURIComponent(region);
  return `https://${place}.${DOMAINS[partitionOf(region)]}/s3/object/${encodeURIComponent(bucket)}?region=${place}&prefix=${encodeURIComponent(key)}`;
}
