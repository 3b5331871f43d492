import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { closedBucket } from "../closed-bucket";
import { bucketArn, type Place, physicalName } from "../names";
import { resourcePolicyDocument } from "../policies";

export interface TrailBucketArgs {
  /** Account and Region of the bucket. */
  readonly place: Place;
  readonly provider: aws.Provider;
  /** The only trail that may write. */
  readonly trailArn: string;
}

/** A year and a month: what audits ask for. */
const KEPT_DAYS = 400;

/**
 * Where the organization trail's files go: in the security account, so that nobody in the accounts that are watched can touch them, and no administrator of
 * the management account by that alone.
 *
 * Encrypted with S3's own key, not one of ours. A key of ours would add a second lock for readers, but who administers the security account holds both; it
 * would cost by the request, need a policy across accounts that silently stops delivery when wrong, and losing it would lose the whole log.
 */
export class TrailBucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  /** What has to be there before the trail can write. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: TrailBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:TrailBucket", name, {}, opts);
    const { place, provider, trailArn } = args;
    const { region } = place;
    const options = { parent: this, provider, retainOnDelete: true };
    // The account's id makes the name ours: bucket names are taken worldwide.
    const bucketName = `${physicalName(name)}-${place.account}`;
    // No ACLs at all; CloudTrail still asks for "bucket owner full control", which S3 takes for granted then.
    const { bucket, policy } = closedBucket(
      name,
      { bucketName, region, keptDays: KEPT_DAYS, restorableDays: 90, policy: bucketPolicy(bucketArn(place, bucketName), trailArn) },
      options,
      { ...options, protect: true },
    );
    this.bucketName = bucket;
    this.ready = [policy];
    this.registerOutputs({ bucketName: this.bucketName });
  }
}

/**
 * CloudTrail may write for this one trail, and nothing is read or written without TLS:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 * The trail's ARN says whose files these are. So the paths below `AWSLogs/` need not repeat it by the Organization's id, which no preview knows.
 */
function bucketPolicy(files: string, trailArn: string): string {
  const service = "cloudtrail.amazonaws.com";
  const source = { "aws:SourceArn": trailArn };
  return resourcePolicyDocument([files, `${files}/*`], "s3:*", [
    { sid: "LooksAtAcl", service, actions: ["s3:GetBucketAcl"], resources: [files], conditions: { StringEquals: source } },
    {
      sid: "Writes",
      service,
      actions: ["s3:PutObject"],
      resources: [`${files}/AWSLogs/*`],
      conditions: { StringEquals: { ...source, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
  ]);
}
