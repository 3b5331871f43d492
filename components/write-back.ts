import * as pulumi from "@pulumi/pulumi";
import type { AlarmTopic } from "./alarms";
import type { EpisodesTable } from "./episodes-table";
import { HandlerFunction } from "./function";
import type { Place } from "./names";
import { marksFindings, usesTable } from "./permissions";
import { readsQueue, WorkQueue } from "./queue";
import { readQueue } from "./queue-reader";

export interface WriteBackArgs {
  readonly place: Place;
  readonly alarms: AlarmTopic;
  readonly table: EpisodesTable;
}

/**
 * Sets the Workflow of findings that people were told of to NOTIFIED, a hundred at a time: Security Hub takes ten such calls a second. Their repeats then end at
 * the edge for free, and Security Hub itself says when such a finding was fixed and broke again.
 */
export class WriteBack extends pulumi.ComponentResource {
  readonly queue: WorkQueue;

  constructor(name: string, args: WriteBackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:WriteBack", name, {}, opts);
    const { place, alarms, table } = args;
    this.queue = new WorkQueue(
      "write-back",
      { place, alarms, holds: "findings to mark as notified in Security Hub", visibilitySeconds: 900, lateAfterSeconds: 3600 },
      { parent: this },
    );
    const mark = new HandlerFunction(
      "mark",
      {
        place,
        description: "Marks findings in Security Hub as notified",
        timeoutSeconds: 60,
        statements: [readsQueue(place, "write-back"), marksFindings(place), usesTable(place, "PartiQLUpdate")],
        environment: { TABLE_NAME: table.name, WRITE_BACK_URL: this.queue.url },
      },
      { parent: this },
    );
    readQueue("write-back", { queue: this.queue, handler: mark, batchSize: 100, windowSeconds: 5, concurrency: 2 }, { parent: this });
    this.registerOutputs({ queueUrl: this.queue.url });
  }
}
