/** Namespace of the metrics that the functions write. */
export const METRIC_NAMESPACE = "tocsin";

/** Episodes that a reconciliation got no answer for. */
export const UNANSWERED_EPISODES = "UnansweredEpisodes";
/** Episodes that were due and that a run of the reminders had to leave. */
export const LEFT_EPISODES = "LeftEpisodes";

/** Counts something for CloudWatch, by a line of its embedded metric format in the function's log. */
export function count(metric: string, value: number): void {
  const definition = { Namespace: METRIC_NAMESPACE, Dimensions: [[]], Metrics: [{ Name: metric, Unit: "Count" }] };
  process.stdout.write(`${JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics: [definition] }, [metric]: value })}\n`);
}
