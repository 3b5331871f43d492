import { isRecord } from "./graph";
import type { Metrics } from "./metrics";

/** Takes the metrics out of a log line in CloudWatch's embedded metric format; other lines have none. */
export function putEmbeddedMetrics(line: string, metrics: Metrics): void {
  if (!line.includes('"_aws"')) {
    return;
  }
  const entry = parse(line);
  const declared = isRecord(entry) && isRecord(entry._aws) ? entry._aws.CloudWatchMetrics : undefined;
  if (!isRecord(entry) || !Array.isArray(declared)) {
    return;
  }
  for (const directive of declared.filter(isRecord)) {
    const sets = Array.isArray(directive.Dimensions) && directive.Dimensions.length > 0 ? directive.Dimensions : [[]];
    for (const metric of Array.isArray(directive.Metrics) ? directive.Metrics.filter(isRecord) : []) {
      const given = entry[String(metric.Name)];
      const values = (Array.isArray(given) ? given : [given]).filter((value) => typeof value === "number");
      for (const set of sets) {
        const dimensions = Object.fromEntries((Array.isArray(set) ? set : []).map((name) => [String(name), String(entry[String(name)])]));
        for (const value of values) {
          metrics.put({ namespace: String(directive.Namespace), name: String(metric.Name), dimensions }, value);
        }
      }
    }
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
