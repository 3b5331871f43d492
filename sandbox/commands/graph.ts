import type { Command } from "../cli-arguments";
import { graphJson } from "../engine/graph-json";
import type { Lifetime } from "../lifetime";
import { checkWritable, writeJson } from "../replay/write-report";
import { print, type Screen } from "../terminal/screen";
import { counted } from "../terminal/text";
import { open } from "./open";

/** `graph`: deploys the stack and writes its resources with every value resolved. Answers the exit code. */
export async function graph(screen: Screen, command: Extract<Command, { name: "graph" }>, lifetime: Lifetime): Promise<number> {
  checkWritable(command.output);
  const { deployment } = await open(screen, command, lifetime);
  writeJson(command.output, graphJson(deployment));
  print(screen, `  ${counted(deployment.resources.length, "resource")} written to ${command.output}`);
  return 0;
}
