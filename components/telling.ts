import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings";
import type { AlarmTopic } from "./alarms";
import { AlertMachine } from "./alert-machine";
import { channelsOf, kindsByName, resolvesOf, sendersOf } from "./channels/configured";
import { deliverFunctions } from "./channels/deliver";
import { EmailSending } from "./channels/email";
import { ChannelTopics } from "./channels/topics";
import type { EpisodesTable } from "./episodes-table";
import { HandlerFunction } from "./function";
import type { Place } from "./names";
import { asksOrganizations, startsAlert, usesTable } from "./permissions";
import { readsQueue, WorkQueue } from "./queue";
import { readQueue } from "./queue-reader";

export interface TellingArgs {
  readonly place: Place;
  readonly settings: Settings;
  readonly alarms: AlarmTopic;
  readonly table: EpisodesTable;
  /** Absent where nothing is written back to Security Hub. */
  readonly writeBack?: WorkQueue;
}

/** Tells people: enriches an alert, delivers it to each channel, and tries again for an hour what a channel does not take. */
export class Telling extends pulumi.ComponentResource {
  readonly machine: AlertMachine;
  readonly email?: EmailSending;

  constructor(name: string, args: TellingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:Telling", name, {}, opts);
    const { place, settings, alarms, table, writeBack } = args;
    const senders = sendersOf(settings);
    this.email = senders.length === 0 ? undefined : new EmailSending("email", { place, alarms, senders }, { parent: this });
    const topics = channelsOf(settings, "sns");
    if (topics.length > 0) {
      new ChannelTopics("topics", { place, alarms, channels: topics }, { parent: this });
    }
    const deliver = deliverFunctions({ place, settings, email: this.email }, this);

    const undelivered = new WorkQueue(
      "undelivered",
      {
        place,
        alarms,
        holds: "alerts that a channel did not take",
        // Fifteen minutes: longer than a run, and what a worker that died leaves behind is not late by more than a quarter of an hour.
        visibilitySeconds: 900,
        lateAfterSeconds: 3600,
      },
      { parent: this },
    );
    const enrich = new HandlerFunction(
      "enrich",
      {
        place,
        description: "Finds out whose account an alert is about and which channels hear of it",
        timeoutSeconds: 15,
        statements: [
          usesTable(place, "GetItem", "UpdateItem"),
          asksOrganizations("DescribeAccount", "ListParents", "DescribeOrganizationalUnit"),
        ],
        environment: {
          TABLE_NAME: table.name,
          ROUTES: JSON.stringify(settings.routes),
          CHANNELS: JSON.stringify(kindsByName(settings)),
          RESOLVES: JSON.stringify(resolvesOf(settings)),
        },
      },
      { parent: this },
    );
    this.machine = new AlertMachine("alert", { place, alarms, table, enrich, deliver, undelivered, writeBack }, { parent: this });
    const redeliver = new HandlerFunction(
      "redeliver",
      {
        place,
        description: "Tries again what a channel did not take",
        // An Express execution takes five minutes at most.
        timeoutSeconds: 310,
        statements: [readsQueue(place, "undelivered"), startsAlert(place, "StartSyncExecution")],
        environment: { UNDELIVERED_URL: undelivered.url, ALERT_MACHINE_ARN: this.machine.arn },
      },
      { parent: this },
    );
    // Each waits for its execution. Ten, so that one channel that hangs does not hold up what waits for the others; it is not helped by more itself.
    readQueue("undelivered", { queue: undelivered, handler: redeliver, batchSize: 1, concurrency: 10 }, { parent: this });
    this.registerOutputs({ machineArn: this.machine.arn });
  }
}
