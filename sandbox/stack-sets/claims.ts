import type { Place } from "../types";

type Values = Readonly<Record<string, unknown>>;

/** What AWS answers when something of this name is there already. */
export class AlreadyExists extends Error {
  constructor(identity: string, owner: string) {
    super(`${identity} already exists (${owner})`);
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** The types of which there is one of a name, and what the name is unique in. Roles are global. */
const NAMED: Readonly<Record<string, (inputs: Values, place: Place) => string>> = {
  "aws:cloudwatch/eventRule:EventRule": ({ name, eventBusName }, { region }) =>
    `${region} rule/${text(eventBusName) || "default"}/${text(name)}`,
  "aws:cloudwatch/metricAlarm:MetricAlarm": ({ name }, { region }) => `${region} alarm ${text(name)}`,
  "aws:iam/role:Role": ({ name }) => `role ${text(name)}`,
  "aws:scheduler/schedule:Schedule": ({ name, groupName }, { region }) =>
    `${region} schedule ${text(groupName) || "default"}/${text(name)}`,
  "aws:scheduler/scheduleGroup:ScheduleGroup": ({ name }, { region }) => `${region} schedule group ${text(name)}`,
  "aws:sqs/queue:Queue": ({ name }, { region }) => `${region} queue ${text(name)}`,
};

/** Who made what of which name: the program and the stacks in its members would otherwise overwrite each other's resources in silence. */
export class Claims {
  readonly #owners = new Map<string, string>();

  /** @throws AlreadyExists */
  take(owner: string, type: string, inputs: Values, place: Place): void {
    if (text(inputs.name) === "") {
      return;
    }
    const identity = NAMED[type]?.(inputs, place);
    if (identity === undefined) {
      return;
    }
    const key = `${place.account} ${identity}`;
    const other = this.#owners.get(key);
    if (other !== undefined) {
      throw new AlreadyExists(key, other);
    }
    this.#owners.set(key, owner);
  }

  /** Gives back all that somebody took. */
  release(owner: string): void {
    for (const [key, one] of this.#owners) {
      if (one === owner) {
        this.#owners.delete(key);
      }
    }
  }
}
