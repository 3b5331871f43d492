import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnOf, physicalName } from "../names";
import { type OrganizationPartArgs, optionsFor } from "./part";
import { TrailBucket } from "./trail-bucket";
import { TrailWatch } from "./trail-watch";

/**
 * Records every call that changes something, in every account and Region: without a trail, EventBridge does not hear of changed security groups. Trails of the
 * Organization belong to the management account.
 *
 * Changes only: the first copy of management events is free in each Region, so this costs nothing by the event where it is the only trail; reads are ten times
 * as many and make nobody act. (Security Hub's control CloudTrail.1 asks for a trail with reads too. An Organization that has one names it: `existingTrail`.)
 */
export class OrganizationTrail extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: OrganizationPartArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:OrganizationTrail", name, {}, opts);
    const { settings, management } = args;
    const { region, organization, securityGroupGuard } = settings;
    const trailName = physicalName(name);
    const bucket = new TrailBucket(
      name,
      {
        place: { account: organization.securityAccountId, region },
        provider: args.security,
        trailArn: arnOf({ account: organization.managementAccountId, region }, "cloudtrail", `trail/${trailName}`),
      },
      { parent: this },
    );
    const watch = securityGroupGuard && new TrailWatch("trail-watch", { settings, management }, { parent: this });
    const trail = new aws.cloudtrail.Trail(
      name,
      {
        name: trailName,
        region,
        s3BucketName: bucket.bucketName,
        isOrganizationTrail: true,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        eventSelectors: [{ includeManagementEvents: true, readWriteType: "WriteOnly" }],
        ...watch?.trail,
      },
      { ...optionsFor(this, args).inManagement, protect: true, dependsOn: [...bucket.ready, ...(watch?.ready ?? []), ...args.after] },
    );
    this.arn = trail.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
