import type { Command } from "../cli-arguments";
import { type GraphJson, graphJson } from "../engine/graph-json";
import type { Lifetime } from "../lifetime";
import { checkWritable, writeJson } from "../replay/write-report";
import { print, type Screen } from "../terminal/screen";
import { counted } from "../terminal/text";
import { open } from "./open";

/** `graph`: deploys the stack and writes its resources with every value resolved. Answers the exit code. */
export async function graph(screen: Screen, command: Extract<Command, { name: "graph" }>, lifetime: Lifetime): Promise<number> {
  checkWritable(command.output);
  const { deployment, cloud } = await open(screen, command, lifetime);
  writeJson(command.output, withAwsUrls(graphJson(deployment), cloud.endpoint));
  print(screen, `  ${counted(deployment.resources.length, "resource")} written to ${command.output}`);
  return 0;
}

/** Queues under the URLs that they would have in AWS: the sandbox's own port is another one in each run, and deploying twice changes nothing. */
const withAwsUrls = (graph: GraphJson, endpoint: string): GraphJson =>
  JSON.parse(
    JSON.stringify(graph).replaceAll(/(https?:\/\/[^/"\s]+)\/queue\/([a-z0-9-]+)\/(\d{12})\//g, (url, host, region, account) =>
      host === endpoint ? `https://sqs.${region}.amazonaws.com/${account}/` : url,
    ),
  );
