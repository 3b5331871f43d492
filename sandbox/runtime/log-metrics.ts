import type { Place } from "../types";
import { parseArn } from "./arn";
import type { Graph } from "./graph";
import { type Matches, readPattern } from "./metric-pattern";
import type { Metrics } from "./metrics";

interface Filter {
  readonly place: Place;
  readonly logGroup: string;
  readonly matches: Matches;
  readonly namespace: string;
  readonly metric: string;
  readonly value: number;
}

/** A trail that writes to a log group. */
interface Trail {
  readonly place: Place;
  readonly logGroup: string;
  /** Of all accounts of the Organization. */
  readonly isOrganizations: boolean;
  /** Of all Regions. */
  readonly isMultiRegion: boolean;
}

/** Metrics made of log lines: those of functions, and the calls that trails write down. */
export class LogMetrics {
  readonly #filters: Filter[] = [];
  readonly #trails: Trail[] = [];
  /** Filters that cannot be evaluated here, with the reason. */
  readonly unknown: { readonly name: string; readonly reason: string }[] = [];

  constructor(private readonly metrics: Metrics) {}

  deploy(graph: Graph): void {
    for (const recorded of graph.of("aws:cloudwatch/logMetricFilter")) {
      try {
        const value = Number(recorded.text("metricTransformation.value"));
        if (Number.isNaN(value)) {
          throw new SyntaxError("only fixed values are known");
        }
        this.#filters.push({
          place: recorded.declaredPlace,
          logGroup: recorded.text("logGroupName"),
          matches: readPattern(recorded.optionalText("pattern") ?? ""),
          namespace: recorded.text("metricTransformation.namespace"),
          metric: recorded.text("metricTransformation.name"),
          value,
        });
      } catch (error) {
        if (!(error instanceof SyntaxError)) {
          throw error;
        }
        this.unknown.push({ name: recorded.optionalText("name") ?? recorded.resource.name, reason: error.message });
      }
    }
    for (const recorded of graph.of("aws:cloudtrail/trail")) {
      const group = parseArn(recorded.optionalText("cloudWatchLogsGroupArn") ?? "");
      if (group !== undefined && recorded.get("enableLogging") !== false) {
        this.#trails.push({
          place: group,
          logGroup: group.resource.replace(/^log-group:/, "").replace(/:\*$/, ""),
          isOrganizations: recorded.get("isOrganizationTrail") === true,
          isMultiRegion: recorded.get("isMultiRegionTrail") === true,
        });
      }
    }
  }

  /** A line that was written to a log group. */
  line({ account, region }: Place, logGroup: string, text: string): void {
    const filters = this.#filters.filter(
      ({ place, ...filter }) => place.account === account && place.region === region && filter.logGroup === logGroup,
    );
    const line = filters.length === 0 ? undefined : json(text);
    for (const { place, namespace, metric, value, matches } of filters) {
      if (line !== undefined && matches(line)) {
        this.metrics.put({ place, namespace, name: metric, dimensions: {} }, value);
      }
    }
  }

  /** A call that CloudTrail writes down: its record. */
  call({ account, region }: Place, record: unknown): void {
    for (const { place, logGroup, isOrganizations, isMultiRegion } of this.#trails) {
      if ((isOrganizations || place.account === account) && (isMultiRegion || place.region === region)) {
        this.line(place, logGroup, JSON.stringify(record));
      }
    }
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
