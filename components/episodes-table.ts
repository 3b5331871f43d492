import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "./names";

/**
 * The table of episodes (and of account names): what people were told, and when. Losing it means telling everything again, so it is protected from deletion by
 * Pulumi and by DynamoDB, and can be put back to any second of the last 35 days.
 */
export class EpisodesTable extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:EpisodesTable", name, {}, opts);
    const table = new aws.dynamodb.Table(
      name,
      {
        name: physicalName("episodes"),
        billingMode: "PAY_PER_REQUEST",
        hashKey: "pk",
        attributes: [
          { name: "pk", type: "S" },
          { name: "shard", type: "S" },
          { name: "due", type: "S" },
        ],
        // What time makes due. Only episodes that wait for something are in it, spread over shards: an index with one key would limit the table's writes.
        globalSecondaryIndexes: [{ name: "due", hashKey: "shard", rangeKey: "due", projectionType: "KEYS_ONLY" }],
        // Tidies up; no decision depends on it.
        ttl: { attributeName: "expires", enabled: true },
        pointInTimeRecovery: { enabled: true },
        // With the AWS managed key: its use shows in CloudTrail.
        serverSideEncryption: { enabled: true },
        deletionProtectionEnabled: true,
      },
      { parent: this, protect: true },
    );
    this.arn = table.arn;
    this.name = table.name;
    this.registerOutputs({ arn: this.arn, name: this.name });
  }
}
