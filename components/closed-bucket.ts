import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface ClosedBucketArgs {
  /** Full name, unique worldwide. */
  readonly bucketName: string;
  readonly region: string;
  /** Days after which a file expires. */
  readonly keptDays: number;
  /** Days for which what was deleted or overwritten can be brought back. */
  readonly restorableDays: number;
  /** JSON of the bucket's policy. */
  readonly policy: string;
  /** Whether files go with the bucket when it is removed. Default: no, removing it fails as long as there are any. */
  readonly expendable?: boolean;
}

/** A bucket, and what has to be there before somebody else writes to it. */
export interface ClosedBucket {
  readonly bucket: pulumi.Output<string>;
  readonly policy: aws.s3.BucketPolicy;
}

/**
 * A bucket that nobody gets into from outside: no public access, no ACLs, versions, an end to everything that is kept. Encrypted with S3's own key.
 * @param options of all its parts. @param bucketOptions of the bucket itself.
 */
export function closedBucket(
  name: string,
  args: ClosedBucketArgs,
  options: pulumi.CustomResourceOptions,
  bucketOptions: pulumi.CustomResourceOptions = options,
): ClosedBucket {
  const { bucketName, region, keptDays, restorableDays, policy, expendable = false } = args;
  const { bucket } = new aws.s3.Bucket(name, { bucket: bucketName, region, forceDestroy: expendable }, bucketOptions);
  new aws.s3.BucketVersioning(name, { bucket, region, versioningConfiguration: { status: "Enabled" } }, options);
  new aws.s3.BucketServerSideEncryptionConfiguration(
    name,
    { bucket, region, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    options,
  );
  const ownership = new aws.s3.BucketOwnershipControls(name, { bucket, region, rule: { objectOwnership: "BucketOwnerEnforced" } }, options);
  const closed = new aws.s3.BucketPublicAccessBlock(
    name,
    { bucket, region, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    options,
  );
  new aws.s3.BucketLifecycleConfiguration(
    name,
    {
      bucket,
      region,
      rules: [
        {
          id: "expire",
          status: "Enabled",
          filter: {},
          // No colder class before: the files are small, and moving each costs more than it saves.
          expiration: { days: keptDays },
          noncurrentVersionExpiration: { noncurrentDays: restorableDays },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    },
    options,
  );
  // S3 refuses changes of a bucket's policy and of its public access block at the same moment.
  const bucketPolicy = new aws.s3.BucketPolicy(name, { bucket, region, policy }, { ...options, dependsOn: [closed, ownership] });
  return { bucket, policy: bucketPolicy };
}
