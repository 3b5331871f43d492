import * as pulumi from "@pulumi/pulumi";
import { type ExpectedMembers, SILENT_MEMBERS } from "../functions/heartbeat/silence";
import { LEFT_EPISODES, METRIC_NAMESPACE, UNANSWERED_EPISODES } from "../functions/metrics";
import { FAILED_RUNS } from "../functions/timed/run";
import type { Settings } from "../settings";
import { type AlarmTopic, alarm } from "./alarms";
import type { AlertMachine } from "./alert-machine";
import type { EpisodesTable } from "./episodes-table";
import { HandlerFunction } from "./function";
import type { Place } from "./names";
import { asksOrganizations, asksSecurityHub, readsDue, startsAlert, tellsAlarmTopic, usesTable } from "./permissions";
import { onBehalfOf, ourRules } from "./policies";
import { DeadLetterQueue, sendsTo } from "./queue";
import { Schedules } from "./schedules";

export interface TimeDrivenArgs {
  readonly place: Place;
  readonly settings: Settings;
  readonly alarms: AlarmTopic;
  readonly table: EpisodesTable;
  readonly machine: AlertMachine;
}

/** Short name of the queue of runs that failed. */
const FAILURES = "schedules-dlq";

/** What happens by time alone: reminders and waits, the comparison with Security Hub, the sweep of accounts, and the look for silent members. */
export class TimeDriven extends pulumi.ComponentResource {
  /** Keeps the accounts, and takes events of new ones. */
  readonly accounts: HandlerFunction;
  /** Takes the runs that failed, and events that could not start one. */
  readonly failures: DeadLetterQueue;

  constructor(name: string, args: TimeDrivenArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:TimeDriven", name, {}, opts);
    const { place, settings, alarms, table, machine } = args;
    const { alerts } = settings;
    const failures = new DeadLetterQueue(
      FAILURES,
      {
        place,
        alarms,
        meaning:
          "A scheduled run failed three times or could not be started: reminders, reconcile, accounts or heartbeat. The next run makes up for it; look at the log why.",
        senders: [{ sid: "UndeliverableEvents", service: "events.amazonaws.com", conditions: onBehalfOf(place, ourRules(place)) }],
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
        description: "Keeps the names, organizational units and tags of all accounts",
        statements: [
          ...failed.statements,
          usesTable(place, "GetItem", "UpdateItem"),
          asksOrganizations(
            "ListRoots",
            "ListAccountsForParent",
            "ListOrganizationalUnitsForParent",
            "ListTagsForResource",
            // For a single new account, whose event does not say what it is called.
            "DescribeAccount",
            "ListParents",
            "DescribeOrganizationalUnit",
          ),
        ],
        environment: { TABLE_NAME: table.name },
      },
      { parent: this },
    );
    const heartbeat = new HandlerFunction(
      "heartbeat",
      {
        ...timed,
        description: "Names the members that have not been heard of for more than a day",
        statements: [...failed.statements, usesTable(place, "Scan"), tellsAlarmTopic(place)],
        environment: { TABLE_NAME: table.name, ALARM_TOPIC_ARN: alarms.arn, MEMBERS: JSON.stringify(expectedMembers(settings)) },
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
          // Not a rate: right after the first deployment no member can have been heard of yet.
          { name: "heartbeat", description: "Once a day, silent members", expression: "cron(50 5 * * ? *)", handler: heartbeat },
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
        metric: UNANSWERED_EPISODES,
        dimensions: {},
        statistic: "Maximum",
        above: 0,
      },
      { parent: this },
    );
    alarm(
      alarms,
      {
        name: "reminders-left",
        description:
          "For three hours no run of the reminders could tell all that was due: Security Hub, the table or Step Functions does not answer. It is told once they do; the log of tocsin-reminders says what fails.",
        namespace: METRIC_NAMESPACE,
        metric: LEFT_EPISODES,
        dimensions: {},
        statistic: "Minimum",
        above: 0,
        periodSeconds: 10_800,
      },
      { parent: this },
    );
    alarm(
      alarms,
      {
        name: "scheduled-run-failed",
        description:
          "A scheduled run could not do its work: reminders, reconcile, accounts or heartbeat. The next run makes up for it; their logs say why (kind, failed).",
        namespace: METRIC_NAMESPACE,
        metric: FAILED_RUNS,
        dimensions: {},
        statistic: "Maximum",
        above: 0,
      },
      { parent: this },
    );
    alarm(
      alarms,
      {
        name: "member-silent",
        description:
          "Accounts or Regions send no events to tocsin: what happens there is not seen. A message of the same day names them; so does `npm run coverage`.",
        namespace: METRIC_NAMESPACE,
        metric: SILENT_MEMBERS,
        dimensions: {},
        statistic: "Maximum",
        above: 0,
        // As long as from one look to the next, so that the alarm stays while a member is silent.
        periodSeconds: 86_400,
      },
      { parent: this },
    );
    this.accounts = accounts;
    this.failures = failures;
    this.registerOutputs({});
  }
}

/** Which members have to be heard of, as the settings say it. */
function expectedMembers({ organization }: Settings): ExpectedMembers {
  const { managementAccountId, regions, forwarding } = organization;
  return forwarding.via === "stackset"
    ? { managementAccountId, regions, organizationalUnitIds: forwarding.organizationalUnitIds }
    : { managementAccountId, regions, accountIds: forwarding.accountIds };
}
