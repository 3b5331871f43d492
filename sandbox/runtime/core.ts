import type { Cloud, Place, RuntimeListener } from "../types";
import type { Callers } from "./callers";
import type { VirtualClock } from "./clock";
import type { Ids } from "./ids";
import type { LogMetrics } from "./log-metrics";
import type { Metrics } from "./metrics";
import type { Permissions } from "./permissions";
import type { Traces } from "./traces";

/** What all parts of the runtime share. */
export interface Core {
  readonly cloud: Cloud;
  readonly clock: VirtualClock;
  readonly ids: Ids;
  readonly traces: Traces;
  readonly metrics: Metrics;
  /** Metrics made of log lines. */
  readonly logMetrics: LogMetrics;
  readonly permissions: Permissions;
  readonly callers: Callers;
  /** URL of what stands for the internet. */
  readonly outside: string;
  /** Security account and home Region. */
  readonly home: Place;
  readonly tell: Required<RuntimeListener>;
}
