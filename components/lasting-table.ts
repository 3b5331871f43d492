import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "./names";

/** What differs from table to table. */
export type LastingTableArgs = Pick<aws.dynamodb.TableArgs, "rangeKey" | "attributes" | "globalSecondaryIndexes">;

/**
 * A table whose loss would hurt: protected from deletion by Pulumi and by DynamoDB, and restorable to any second of the last 35 days. Its hash key is `pk`, and it
 * is paid for by request.
 */
export const lastingTable = (name: string, args: LastingTableArgs, parent: pulumi.Resource): aws.dynamodb.Table =>
  new aws.dynamodb.Table(
    name,
    {
      name: physicalName(name),
      billingMode: "PAY_PER_REQUEST",
      hashKey: "pk",
      ...args,
      // Tidies up; no decision depends on it.
      ttl: { attributeName: "expires", enabled: true },
      pointInTimeRecovery: { enabled: true },
      // With the AWS managed key: its use shows in CloudTrail.
      serverSideEncryption: { enabled: true },
      deletionProtectionEnabled: true,
    },
    { parent, protect: true },
  );
