import { type Graph, isRecord, type Recorded } from "./graph";
import type { MetricId, Metrics } from "./metrics";

type State = "OK" | "ALARM" | "INSUFFICIENT_DATA";

interface Alarm {
  readonly name: string;
  readonly metric: MetricId;
  readonly statistic: string;
  /** Milliseconds. */
  readonly period: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly breaches: (value: number, threshold: number) => boolean;
  readonly treatMissingData: string;
}

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** Metrics of AWS services that the runtime measures; those that functions log (embedded metric format) are known too, in namespaces of their own. */
const MEASURED: Readonly<Record<string, readonly string[]>> = {
  "AWS/SQS": [
    "ApproximateNumberOfMessagesVisible",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateAgeOfOldestMessage",
    "NumberOfMessagesSent",
  ],
  "AWS/Lambda": ["Invocations", "Errors", "Throttles", "Duration", "DeadLetterErrors", "DestinationDeliveryFailures"],
  "AWS/States": ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"],
  "AWS/Events": ["MatchedEvents", "Invocations", "FailedInvocations", "InvocationsSentToDlq", "InvocationsFailedToBeSentToDlq"],
  "AWS/Scheduler": ["InvocationAttemptCount", "TargetErrorCount", "InvocationDroppedCount", "InvocationsSentToDeadLetterCount"],
};

/** The recorded metric alarms, evaluated over virtual time. */
export class Alarms {
  readonly #alarms: Alarm[] = [];
  /** Alarms that the sandbox cannot evaluate, with the reason. */
  readonly unknown: { readonly name: string; readonly reason: string }[] = [];

  constructor(
    private readonly metrics: Metrics,
    private readonly since: number,
  ) {}

  deploy(graph: Graph): void {
    for (const recorded of graph.of("aws:cloudwatch/metricAlarm")) {
      const read = readAlarm(recorded);
      if (typeof read === "string") {
        this.unknown.push({ name: recorded.optionalText("name") ?? recorded.resource.name, reason: read });
      } else {
        this.#alarms.push(read);
      }
    }
  }

  /** Names of the alarms in ALARM at a time, each once: the members' alarms share their names. */
  ringing(now: number): string[] {
    return [...new Set(this.#alarms.filter((alarm) => this.#state(alarm, now) === "ALARM").map(({ name }) => name))];
  }

  #state(alarm: Alarm, now: number): State {
    const values = Array.from({ length: alarm.evaluationPeriods }, (_, index) => this.#value(alarm, now - index * alarm.period));
    const missing = values.filter((value) => value === undefined).length;
    const breaching = values.filter((value) => value !== undefined && alarm.breaches(value, alarm.threshold)).length;
    if (missing === values.length && alarm.treatMissingData === "missing") {
      return "INSUFFICIENT_DATA";
    }
    if (missing === values.length && alarm.treatMissingData === "ignore") {
      // The state is the one before the data stopped.
      return now <= this.since ? "INSUFFICIENT_DATA" : this.#state(alarm, now - alarm.period);
    }
    const counted = breaching + (alarm.treatMissingData === "breaching" ? missing : 0);
    return counted >= alarm.datapointsToAlarm ? "ALARM" : "OK";
  }

  #value(alarm: Alarm, to: number): number | undefined {
    const values = this.metrics.between(alarm.metric, to - alarm.period, to);
    return values.length === 0 ? undefined : statistic(alarm.statistic, values);
  }
}

function statistic(name: string, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (name) {
    case "Sum":
      return sum;
    case "Minimum":
      return Math.min(...values);
    case "Average":
      return sum / values.length;
    case "SampleCount":
      return values.length;
    case "Maximum":
      return Math.max(...values);
    default: {
      const sorted = [...values].sort((left, right) => left - right);
      return sorted[Math.min(sorted.length - 1, Math.ceil((Number(name.slice(1)) / 100) * sorted.length) - 1)] ?? 0;
    }
  }
}

/** An alarm, or why it cannot be evaluated. */
function readAlarm(recorded: Recorded): Alarm | string {
  const namespace = recorded.optionalText("namespace");
  const name = recorded.optionalText("metricName");
  const breaches = COMPARISONS[recorded.text("comparisonOperator")];
  const dimensions = recorded.get("dimensions");
  const statisticName = recorded.optionalText("statistic") ?? recorded.optionalText("extendedStatistic") ?? "Average";
  if (namespace === undefined || name === undefined) {
    return "it is made of metric expressions (metricQueries)";
  }
  if (namespace.startsWith("AWS/") && MEASURED[namespace]?.includes(name) !== true) {
    return `the sandbox does not measure ${namespace} ${name}`;
  }
  if (breaches === undefined) {
    return `the sandbox does not know the comparison ${recorded.text("comparisonOperator")}`;
  }
  if (!/^(?:Sum|Minimum|Maximum|Average|SampleCount|p\d+(?:\.\d+)?)$/.test(statisticName)) {
    return `the sandbox does not know the statistic ${statisticName}`;
  }
  const evaluationPeriods = recorded.number("evaluationPeriods", 1);
  return {
    name: recorded.text("name"),
    metric: {
      place: recorded.place,
      namespace,
      name,
      dimensions: isRecord(dimensions) ? Object.fromEntries(Object.entries(dimensions).map(([key, value]) => [key, String(value)])) : {},
    },
    statistic: statisticName,
    period: recorded.number("period", 60) * 1000,
    evaluationPeriods,
    datapointsToAlarm: recorded.number("datapointsToAlarm", evaluationPeriods),
    threshold: recorded.number("threshold", 0),
    breaches,
    treatMissingData: recorded.optionalText("treatMissingData") ?? "missing",
  };
}
