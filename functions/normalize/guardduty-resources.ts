import type { Resource } from "../finding";
import type { Place } from "./envelope";
import { instanceArn } from "./place";
import { at, list, text, textAt } from "./read";
import { resource, resources, tagsOfList } from "./resources";

/** A resource that GuardDuty describes by ARN, name and tags. */
const described = (details: unknown, type: string, arnKey: string, nameKey: string): Resource | undefined =>
  resource({
    id: textAt(details, arnKey) ?? textAt(details, nameKey),
    type,
    name: at(details, nameKey),
    tags: tagsOfList(at(details, "tags")),
  });

/**
 * What a GuardDuty finding is about, with the ids and types that its copy in Security Hub has. The keys are those of
 * https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Resource.html.
 */
export function guardDutyResources(found: unknown, sequence: unknown, place: Place): Resource[] {
  const instance = at(found, "instanceDetails");
  const instanceId = textAt(instance, "instanceId");
  const key = at(found, "accessKeyDetails");
  const keyId = textAt(key, "accessKeyId");
  const container = at(found, "containerDetails");
  const accessKey = resource({
    id: keyId === undefined ? undefined : `AWS::IAM::AccessKey:${keyId}`,
    type: "AwsIamAccessKey",
    name: text(at(key, "userName")),
  });
  // First comes what the finding is about; details of others (the instance whose role it is) may stand beside it.
  const aboutKey = at(found, "resourceType") === "AccessKey";
  return resources([
    aboutKey ? accessKey : undefined,
    resource({
      id: instanceId === undefined ? undefined : instanceArn(instanceId, place.region, place.accountId, place.partition),
      type: "AwsEc2Instance",
      tags: tagsOfList(at(instance, "tags")),
    }),
    ...list(at(found, "s3BucketDetails"))
      .slice(0, 20)
      .map((bucket) => described(bucket, "AwsS3Bucket", "arn", "name")),
    described(at(found, "eksClusterDetails"), "AwsEksCluster", "arn", "name"),
    described(at(found, "ecsClusterDetails"), "AwsEcsCluster", "arn", "name"),
    described(at(found, "lambdaDetails"), "AwsLambdaFunction", "functionArn", "functionName"),
    described(at(found, "rdsDbInstanceDetails"), "AwsRdsDbInstance", "dbInstanceArn", "dbInstanceIdentifier"),
    described(container, "Container", "id", "name"),
    ...list(at(found, "ebsVolumeDetails", "scannedVolumeDetails"))
      .slice(0, 20)
      .map((volume) => described(volume, "AwsEc2Volume", "volumeArn", "deviceName")),
    aboutKey ? undefined : accessKey,
    ...list(at(sequence, "resources"))
      .slice(0, 20)
      .map((one) =>
        resource({
          id: textAt(one, "uid") ?? textAt(one, "name"),
          type: sequenceType(textAt(one, "resourceType")),
          name: textAt(one, "name"),
          tags: tagsOfList(at(one, "tags")),
        }),
      ),
  ]);
}

/** Resource types of attack sequences (https://docs.aws.amazon.com/guardduty/latest/APIReference/API_ResourceV2.html) as ASFF spells them. */
const SEQUENCE_TYPES: Readonly<Record<string, string>> = {
  EC2_INSTANCE: "AwsEc2Instance",
  EC2_NETWORK_INTERFACE: "AwsEc2NetworkInterface",
  S3_BUCKET: "AwsS3Bucket",
  S3_OBJECT: "AwsS3Object",
  ACCESS_KEY: "AwsIamAccessKey",
  EKS_CLUSTER: "AwsEksCluster",
  ECS_CLUSTER: "AwsEcsCluster",
  CONTAINER: "Container",
};

const sequenceType = (type: string | undefined): string | undefined =>
  type !== undefined && Object.hasOwn(SEQUENCE_TYPES, type) ? SEQUENCE_TYPES[type] : type;
