import type * as pulumi from "@pulumi/pulumi";
import { SILENT_MEMBERS } from "../functions/heartbeat/silence";
import { LEFT_EPISODES, METRIC_NAMESPACE, UNANSWERED_EPISODES } from "../functions/metrics";
import { FAILED_RUNS } from "../functions/timed/run";
import { type AlarmArgs, type AlarmTopic, alarm } from "./alarms";

/** What the functions that run by time count themselves when something is wrong. */
const ALARMS: readonly Omit<AlarmArgs, "namespace" | "dimensions" | "above">[] = [
  {
    name: "reconcile-incomplete",
    description:
      "Security Hub or the table did not answer for some episodes, so they stay open until the next run. Look at the log of tocsin-reconcile.",
    metric: UNANSWERED_EPISODES,
    statistic: "Maximum",
  },
  {
    name: "reminders-left",
    description:
      "For three hours no run of the reminders could tell all that was due: Security Hub, the table or Step Functions does not answer. It is told once they do; the log of tocsin-reminders says what fails.",
    metric: LEFT_EPISODES,
    statistic: "Minimum",
    periodSeconds: 10_800,
  },
  {
    name: "scheduled-run-failed",
    description:
      "A scheduled run could not do its work: reminders, reconcile, accounts, heartbeat, digest or sweep. The next run makes up for it; their logs say why (kind, failed).",
    metric: FAILED_RUNS,
    statistic: "Maximum",
  },
  {
    name: "member-silent",
    description:
      "Accounts or Regions send no events to tocsin: what happens there is not seen. A message of the same day names them; so does `npm run coverage`.",
    metric: SILENT_MEMBERS,
    statistic: "Maximum",
    // As long as from one look to the next, so that the alarm stays while a member is silent.
    periodSeconds: 86_400,
  },
];

/** An alarm on each of them. */
export function timeDrivenAlarms(alarms: AlarmTopic, parent: pulumi.Resource): void {
  for (const args of ALARMS) {
    alarm(alarms, { ...args, namespace: METRIC_NAMESPACE, dimensions: {}, above: 0 }, { parent });
  }
}
