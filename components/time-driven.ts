import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings";
import type { AlarmTopic } from "./alarms";
import type { AlertMachine } from "./alert-machine";
import { resolvesOf } from "./channels/configured";
import type { EmailSending } from "./channels/email";
import { asksForDigest, digestFunction } from "./digest";
import { asksForAccounts, episodeEnvironment } from "./episode-environment";
import type { EpisodesTable } from "./episodes-table";
import { expectedMembers } from "./forwarding/expected-members";
import { HandlerFunction } from "./function";
import type { Guard } from "./guard/guard";
import { sweepFunction } from "./guard/sweep";
import type { Place } from "./names";
import { asksOrganizations, asksSecurityHub, describesAccounts, readsDue, startsAlert, tellsAlarmTopic, usesTable } from "./permissions";
import { onBehalfOf, ourRules } from "./policies";
import { DeadLetterQueue, sendsTo } from "./queue";
import { type ScheduledFunction, Schedules } from "./schedules";
import type { Storms } from "./storms";
import { timeDrivenAlarms } from "./time-driven-alarms";

export interface TimeDrivenArgs {
  readonly place: Place;
  readonly settings: Settings;
  readonly alarms: AlarmTopic;
  readonly table: EpisodesTable;
  readonly machine: AlertMachine;
  /** Present if there is an e-mail channel. */
  readonly email?: EmailSending;
  /** Absent where each finding is told by itself. */
  readonly storms?: Storms;
  /** Absent where nobody guards security groups. */
  readonly guard?: Guard;
}

/** Short name of the queue of runs that failed. */
const FAILURES = "schedules-dlq";

/** What happens by time alone: reminders and waits, the comparison with Security Hub, the sweep of accounts, the look for silent members, digests, and the sweep of security groups. */
export class TimeDriven extends pulumi.ComponentResource {
  /** Keeps the accounts, and takes events of new ones. */
  readonly accounts: HandlerFunction;
  /** Takes the runs that failed, and events that could not start one. */
  readonly failures: DeadLetterQueue;

  constructor(name: string, args: TimeDrivenArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:TimeDriven", name, {}, opts);
    const { place, settings, alarms, table, machine, email, storms, guard } = args;
    const failures = new DeadLetterQueue(
      FAILURES,
      {
        place,
        alarms,
        meaning:
          "A scheduled run failed three times or could not be started: reminders, reconcile, accounts, heartbeat, digest or sweep. The next run makes up for it; look at the log why.",
        senders: [{ sid: "UndeliverableEvents", service: "events.amazonaws.com", conditions: onBehalfOf(place, ourRules(place)) }],
      },
      { parent: this },
    );
    const timed = { place, timeoutSeconds: 900, memoryMegabytes: 512, failures, statements: [sendsTo(place, FAILURES)] };

    const reminders = new HandlerFunction(
      "reminders",
      {
        ...timed,
        description: "Tells what time has made due: reminders, waits that passed, tellings that got lost",
        statements: [
          sendsTo(place, FAILURES, ...(storms ? ["storms"] : [])),
          readsDue(place),
          usesTable(place, "GetItem", "UpdateItem"),
          startsAlert(place, "StartExecution"),
          asksSecurityHub(place),
          ...(asksForAccounts(settings) ? [describesAccounts] : []),
        ],
        environment: { TABLE_NAME: table.name, ALERT_MACHINE_ARN: machine.arn, ...episodeEnvironment(settings, storms) },
      },
      { parent: this },
    );
    const reconcile = new HandlerFunction(
      "reconcile",
      {
        ...timed,
        description: "Closes the episodes that are over, so that a problem that comes back counts as new, and tells whom that concerns",
        statements: [
          ...timed.statements,
          usesTable(place, "Scan", "GetItem", "PutItem", "UpdateItem"),
          startsAlert(place, "StartExecution"),
          asksSecurityHub(place),
        ],
        environment: {
          TABLE_NAME: table.name,
          ALERT_MACHINE_ARN: machine.arn,
          ALERTS: JSON.stringify(settings.alerts),
          RESOLVES: JSON.stringify(resolvesOf(settings)),
        },
      },
      { parent: this },
    );
    const accounts = new HandlerFunction(
      "accounts",
      {
        ...timed,
        description: "Keeps the names, organizational units and tags of all accounts",
        statements: [
          ...timed.statements,
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
        statements: [...timed.statements, usesTable(place, "Scan"), tellsAlarmTopic(place)],
        environment: { TABLE_NAME: table.name, ALARM_TOPIC_ARN: alarms.arn, MEMBERS: JSON.stringify(expectedMembers(settings)) },
      },
      { parent: this },
    );

    const functions: ScheduledFunction[] = [
      { name: "reminders", description: "Reminders are at most an hour late", expression: "rate(1 hour)", handler: reminders },
      // Away from midnight, when everybody else's daily jobs ask Security Hub.
      { name: "reconcile", description: "Once a day, compares with Security Hub", expression: "cron(20 3 * * ? *)", handler: reconcile },
      // A rate starts at once: the names are there minutes after the first deployment.
      { name: "accounts", description: "Once a day, account names", expression: "rate(1 day)", handler: accounts },
      // Not a rate: right after the first deployment no member can have been heard of yet.
      { name: "heartbeat", description: "Once a day, silent members", expression: "cron(50 5 * * ? *)", handler: heartbeat },
    ];
    if (email && asksForDigest(settings)) {
      const handler = digestFunction({ timed, settings, table, email }, this);
      functions.push({ name: "digest", description: "Once a day, digests by mail", expression: "cron(0 7 * * ? *)", handler });
    }
    if (guard && settings.securityGroupGuard) {
      const given = { timed, failuresName: FAILURES, settings, guard: settings.securityGroupGuard, table, sweeps: guard.sweeps };
      const handler = sweepFunction(given, this);
      functions.push({ name: "sweep", description: "Looks at all security groups each hour", expression: "rate(1 hour)", handler });
    }
    new Schedules("schedules", { place, failures, failuresName: FAILURES, functions }, { parent: this });
    timeDrivenAlarms(alarms, this);
    this.accounts = accounts;
    this.failures = failures;
    this.registerOutputs({});
  }
}
