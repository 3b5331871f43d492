import * as pulumi from "@pulumi/pulumi";
import { METRIC_NAMESPACE } from "../../functions/metrics";
import { UNSWEPT_PLACES } from "../../functions/sweep/metrics";
import type { Settings } from "../../settings";
import { type AlarmTopic, alarm } from "../alarms";
import type { AlertMachine } from "../alert-machine";
import type { EpisodesTable } from "../episodes-table";
import { lastingTable } from "../lasting-table";
import type { Place } from "../names";
import { onBehalfOf, ourRules } from "../policies";
import { WorkQueue } from "../queue";
import { readQueue } from "../queue-reader";
import type { Storms } from "../storms";
import { Buttons } from "./buttons";
import type { GuardSection } from "./environment";
import { actFunction, judgeFunction, sweepPlaceFunction, tellFunction } from "./functions";
import { GuardMachine } from "./guard-machine";

export interface GuardArgs {
  readonly place: Place;
  readonly settings: Settings;
  readonly guard: GuardSection;
  readonly alarms: AlarmTopic;
  /** The episodes. */
  readonly table: EpisodesTable;
  /** The workflow that tells people. */
  readonly machine: AlertMachine;
  readonly storms: Storms;
}

/** Guards security groups: each change is judged and told, and put back where the settings or somebody say so. */
export class Guard extends pulumi.ComponentResource {
  /** Takes the changes. */
  readonly queue: WorkQueue;
  /** Its messages are accounts and Regions to be looked at. */
  readonly sweeps: WorkQueue;
  /** Where Slack sends presses of buttons; absent where nobody may press. */
  readonly buttonsUrl?: pulumi.Output<string>;

  constructor(name: string, args: GuardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:Guard", name, {}, opts);
    const { place, settings, guard, alarms, table, machine: alert, storms } = args;
    const { approvals } = settings;
    // What is open, and how to undo what was done about it.
    const { name: guardTableName } = lastingTable(
      name,
      {
        rangeKey: "sk",
        attributes: [
          { name: "pk", type: "S" },
          { name: "sk", type: "S" },
        ],
      },
      this,
    );
    this.queue = new WorkQueue(
      name,
      {
        place,
        alarms,
        holds: "changes of security groups that wait to be judged, or that people could not be told of",
        // Six times the function's time-out.
        visibilitySeconds: 360,
        lateAfterSeconds: 600,
        senders: [{ sid: "OurRules", service: "events.amazonaws.com", conditions: onBehalfOf(place, ourRules(place)) }],
      },
      { parent: this },
    );
    this.sweeps = new WorkQueue(
      "sweeps",
      {
        place,
        alarms,
        holds: "accounts and Regions whose security groups are to be looked at",
        visibilitySeconds: 900,
        // Until then the next sweep has begun.
        lateAfterSeconds: 3600,
      },
      { parent: this },
    );

    const shared = { place, settings, guard, guardTableName };
    const act = actFunction(shared, this);
    const tell = tellFunction({ ...shared, table, alert, storms }, this);
    const machine = new GuardMachine(
      name,
      { place, settings, alarms, act, tell, tableName: guardTableName, queue: this.queue },
      { parent: this },
    );
    const judge = judgeFunction({ ...shared, table, queue: this.queue, machine }, this);
    // A hundred changes at the same time: a deployment's burst is judged within seconds, and EC2 in a member asked no faster than it answers.
    readQueue(name, { queue: this.queue, handler: judge, batchSize: 10, concurrency: 10 }, { parent: this });
    const sweepPlace = sweepPlaceFunction({ ...shared, sweeps: this.sweeps, machine }, this);
    // A hundred places at the same time, a second or two each: ten thousand accounts in seventeen Regions within the hour.
    readQueue("sweeps", { queue: this.sweeps, handler: sweepPlace, batchSize: 10, concurrency: 10 }, { parent: this });
    alarm(
      alarms,
      {
        name: "sweep-incomplete",
        description:
          "The hourly sweep could not look at the security groups of some accounts or Regions: what no event tells of there is not seen. The log of tocsin-sweep-place names them (kind, unswept).",
        namespace: METRIC_NAMESPACE,
        metric: UNSWEPT_PLACES,
        dimensions: {},
        statistic: "Maximum",
        above: 0,
        // As long as from one sweep to the next, so that the alarm stays while a place is not seen.
        periodSeconds: 3600,
      },
      { parent: this },
    );

    if (approvals) {
      this.buttonsUrl = new Buttons("buttons", { place, approvals, machine, guardTableName }, { parent: this }).url;
    }
    this.registerOutputs({ queueUrl: this.queue.url, buttonsUrl: this.buttonsUrl });
  }
}
