import * as pulumi from "@pulumi/pulumi";
import { METRIC_NAMESPACE } from "../functions/metrics";
import { FAILED_RUNS } from "../functions/timed/run";
import type { Settings } from "../settings";
import { type AlarmTopic, alarm } from "./alarms";
import type { AlertMachine } from "./alert-machine";
import type { EpisodesTable } from "./episodes-table";
import { HandlerFunction } from "./function";
import type { Place } from "./names";
import { asksOrganizations, asksSecurityHub, readsDue, startsAlert, usesTable } from "./permissions";
import { DeadLetterQueue, sendsTo } from "./queue";
import { Schedules } from "./schedules";

export interface TimeDrivenArgs {
  readonly place: Place;
  readonly alerts: Settings["alerts"];
  readonly alarms: AlarmTopic;
  readonly table: EpisodesTable;
  readonly machine: AlertMachine;
}

/** Short name of the queue of runs that failed. */
const FAILURES = "schedules-dlq";

/** What happens by time alone: reminders and waits, the comparison with Security Hub, and the sweep of account names. */
export class TimeDriven extends pulumi.ComponentResource {
  constructor(name: string, args: TimeDrivenArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:TimeDriven", name, {}, opts);
    const { place, alerts, alarms, table, machine } = args;
    const failures = new DeadLetterQueue(
      FAILURES,
      {
        place,
        alarms,
        meaning:
          "A scheduled run failed three times or could not be started: reminders, reconcile or accounts. The next run makes up for it; look at the log why.",
      },
      { parent: this },
    );
    const failed = { failures, statements: [sendsTo(place, FAILURES)] };
    const timed = { place, timeoutSeconds: 900, memoryMegabytes: 512, failures };

    const reminders = new HandlerFunction(
      "reminders",
      {
        ...timed,
        description: "Tells what time has made due: reminders, waits that passed, tellings that got lost",
        statements: [
          ...failed.statements,
          readsDue(place),
          usesTable(place, "GetItem", "UpdateItem"),
          startsAlert(place, "StartExecution"),
          asksSecurityHub(place),
        ],
        environment: { TABLE_NAME: table.name, ALERT_MACHINE_ARN: machine.arn, ALERTS: JSON.stringify(alerts) },
      },
      { parent: this },
    );
    const reconcile = new HandlerFunction(
      "reconcile",
      {
        ...timed,
        description: "Closes the episodes that are over, so that a problem that comes back counts as new",
        statements: [...failed.statements, usesTable(place, "Scan", "GetItem", "PutItem", "UpdateItem"), asksSecurityHub(place)],
        environment: { TABLE_NAME: table.name, ALERTS: JSON.stringify(alerts) },
      },
      { parent: this },
    );
    const accounts = new HandlerFunction(
      "accounts",
      {
        ...timed,
        description: "Keeps the names and organizational units of all accounts",
        statements: [
          ...failed.statements,
          usesTable(place, "BatchWriteItem"),
          asksOrganizations("ListRoots", "ListAccountsForParent", "ListOrganizationalUnitsForParent"),
        ],
        environment: { TABLE_NAME: table.name },
      },
      { parent: this },
    );

    new Schedules(
      "schedules",
      {
        place,
        failures,
        failuresName: FAILURES,
        functions: [
          { name: "reminders", description: "Reminders are at most an hour late", expression: "rate(1 hour)", handler: reminders },
          // Away from midnight, when everybody else's daily jobs ask Security Hub.
          {
            name: "reconcile",
            description: "Once a day, compares with Security Hub",
            expression: "cron(20 3 * * ? *)",
            handler: reconcile,
          },
          // A rate starts at once: the names are there minutes after the first deployment.
          { name: "accounts", description: "Once a day, account names", expression: "rate(1 day)", handler: accounts },
        ],
      },
      { parent: this },
    );
    alarm(
      alarms,
      {
        name: "reconcile-incomplete",
        description:
          "Security Hub or the table did not answer for some episodes, so they stay open until the next run. Look at the log of tocsin-reconcile.",
        namespace: METRIC_NAMESPACE,
        metric: "UnansweredEpisodes",
        dimensions: {},
        statistic: "Maximum",
        above: 0,
      },
      { parent: this },
    );
    alarm(
      alarms,
      {
        name: "scheduled-run-failed",
        description:
          "A scheduled run could not do its work: reminders, reconcile or accounts. The next run makes up for it; their logs say why (kind, failed).",
        namespace: METRIC_NAMESPACE,
        metric: FAILED_RUNS,
        dimensions: {},
        statistic: "Maximum",
        above: 0,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
