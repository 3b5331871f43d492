import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings";
import type { AlarmTopic } from "./alarms";
import type { AlertMachine } from "./alert-machine";
import { asksForAccounts, episodeEnvironment } from "./episode-environment";
import type { EpisodesTable } from "./episodes-table";
import { HandlerFunction } from "./function";
import type { Place } from "./names";
import { describesAccounts, startsAlert, usesTable } from "./permissions";
import { onBehalfOf, ourRules } from "./policies";
import { readsQueue, sendsTo, WorkQueue } from "./queue";
import { readQueue } from "./queue-reader";
import type { Storms } from "./storms";

export interface IntakeArgs {
  readonly place: Place;
  readonly settings: Settings;
  readonly alarms: AlarmTopic;
  readonly table: EpisodesTable;
  readonly machine: AlertMachine;
  /** Absent where nothing is written back to Security Hub. */
  readonly writeBack?: WorkQueue;
  /** Absent where each finding is told by itself. */
  readonly storms?: Storms;
}

/** Takes what the rules let in, and decides what people must be told. A queue stands in front, because an asynchronous invocation can lose events. */
export class Intake extends pulumi.ComponentResource {
  readonly queue: WorkQueue;

  constructor(name: string, args: IntakeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:Intake", name, {}, opts);
    const { place, settings, alarms, table, machine, writeBack, storms } = args;
    this.queue = new WorkQueue(
      "intake",
      {
        place,
        alarms,
        holds: "findings that wait for triage",
        // Six times the function's time-out, as AWS advises: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
        visibilitySeconds: 180,
        lateAfterSeconds: 900,
        senders: [{ sid: "OurRules", service: "events.amazonaws.com", conditions: onBehalfOf(place, ourRules(place)) }],
      },
      { parent: this },
    );
    const triage = new HandlerFunction(
      "triage",
      {
        place,
        description: "Decides about each finding whether people must be told",
        timeoutSeconds: 30,
        // A batch may hold ten findings of 240 KB.
        memoryMegabytes: 512,
        statements: [
          readsQueue(place, "intake"),
          usesTable(place, "UpdateItem", ...(asksForAccounts(settings) ? ["GetItem"] : [])),
          startsAlert(place, "StartExecution"),
          ...(asksForAccounts(settings) ? [describesAccounts] : []),
          sendsTo(place, "intake-dlq", ...(writeBack ? ["write-back"] : []), ...(storms ? ["storms"] : [])),
        ],
        environment: {
          TABLE_NAME: table.name,
          INTAKE_URL: this.queue.url,
          INTAKE_DEAD_LETTER_URL: this.queue.deadLetters.url,
          ALERT_MACHINE_ARN: machine.arn,
          ...episodeEnvironment(settings, storms),
          ...(writeBack && { WRITE_BACK_URL: writeBack.url }),
        },
      },
      { parent: this },
    );
    // Twenty runs of ten findings, a few hundred milliseconds each, are some 500 findings a second: more than an Organization of 10,000 accounts sends.
    readQueue("intake", { queue: this.queue, handler: triage, batchSize: 10, concurrency: 20 }, { parent: this });
    this.registerOutputs({ queueUrl: this.queue.url });
  }
}
