import * as pulumi from "@pulumi/pulumi";
import { lastingTable } from "./lasting-table";

/** The table of episodes (and of account names): what people were told, and when. Losing it means telling everything again. */
export class EpisodesTable extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:EpisodesTable", name, {}, opts);
    const table = lastingTable(
      name,
      {
        attributes: [
          { name: "pk", type: "S" },
          { name: "shard", type: "S" },
          { name: "due", type: "S" },
        ],
        // What time makes due. Only episodes that wait for something are in it, spread over shards: an index with one key would limit the table's writes.
        globalSecondaryIndexes: [{ name: "due", hashKey: "shard", rangeKey: "due", projectionType: "KEYS_ONLY" }],
      },
      this,
    );
    this.arn = table.arn;
    this.name = table.name;
    this.registerOutputs({ arn: this.arn, name: this.name });
  }
}
