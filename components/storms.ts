import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings";
import type { AlarmTopic } from "./alarms";
import type { AlertMachine } from "./alert-machine";
import { kindsByName } from "./channels/configured";
import { closedBucket } from "./closed-bucket";
import type { EpisodesTable } from "./episodes-table";
import { HandlerFunction } from "./function";
import { bucketArn, type Place, physicalName } from "./names";
import { describesAccounts, readsDue, startsAlert, usesTable, writesFiles } from "./permissions";
import { resourcePolicyDocument } from "./policies";
import { readsQueue, sendsTo, WorkQueue } from "./queue";
import { readQueue } from "./queue-reader";

export interface StormsArgs {
  readonly place: Place;
  readonly settings: Settings;
  readonly alarms: AlarmTopic;
  readonly table: EpisodesTable;
  readonly machine: AlertMachine;
  /** Absent where nothing is written back to Security Hub. */
  readonly writeBack?: WorkQueue;
}

/** As long as the log of what was told. */
const KEPT_DAYS = 90;

/** Folder of the lists in the bucket. */
const FOLDER = "storms";

/** Tells many findings of one kind as one message, when it is time; the full list goes to a bucket. */
export class Storms extends pulumi.ComponentResource {
  /** Its messages say which findings are to be told together, and arrive when it is time. */
  readonly queue: WorkQueue;

  constructor(name: string, args: StormsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:Storms", name, {}, opts);
    const { place, settings, alarms, table, machine, writeBack } = args;
    this.queue = new WorkQueue(
      "storms",
      {
        place,
        alarms,
        holds: "storms to be told",
        // A little longer than the function may run.
        visibilitySeconds: 960,
        // A message is sent up to ten minutes before it is due.
        lateAfterSeconds: 1800,
      },
      { parent: this },
    );
    // The account's id makes the name ours: bucket names are taken worldwide.
    const bucketName = `${physicalName("storms")}-${place.account}`;
    const files = bucketArn(place, bucketName);
    const { bucket } = closedBucket(
      "storms",
      {
        bucketName,
        region: place.region,
        keptDays: KEPT_DAYS,
        restorableDays: 30,
        // Nobody but this account's own roles.
        policy: resourcePolicyDocument([files, `${files}/*`], "s3:*", []),
        // The findings are in Security Hub, and who was told of them in the log: where nothing is held any more the lists may go.
        expendable: true,
      },
      { parent: this },
    );
    const flusher = new HandlerFunction(
      "storms",
      {
        place,
        description: "Tells many findings of one kind as one message",
        timeoutSeconds: 900,
        // What a message is made of is bounded (functions/storms/held.ts) so that its lists fit in here.
        memoryMegabytes: 1024,
        statements: [
          readsQueue(place, "storms"),
          usesTable(place, "BatchGetItem", "GetItem", "UpdateItem"),
          readsDue(place),
          // A route may ask for the name or the unit of an account that no sweep has seen yet.
          describesAccounts,
          startsAlert(place, "StartSyncExecution"),
          ...(writeBack ? [sendsTo(place, "write-back")] : []),
          writesFiles(files, FOLDER),
        ],
        environment: {
          TABLE_NAME: table.name,
          ALERT_MACHINE_ARN: machine.arn,
          STORMS_URL: this.queue.url,
          LISTS_BUCKET: bucket,
          ALERTS: JSON.stringify(settings.alerts),
          ROUTES: JSON.stringify(settings.routes),
          CHANNELS: JSON.stringify(kindsByName(settings)),
          ...(writeBack && { WRITE_BACK_URL: writeBack.url }),
        },
      },
      { parent: this },
    );
    // Two at a time, the fewest that Lambda allows: storms are few.
    readQueue("storms", { queue: this.queue, handler: flusher, batchSize: 1, concurrency: 2 }, { parent: this });
    this.registerOutputs({ queueUrl: this.queue.url });
  }
}
