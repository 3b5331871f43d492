import { setTimeout } from "node:timers/promises";
import type { Command } from "../cli-arguments";
import { makeInbox, saveMessages } from "../inbox-files";
import type { Lifetime } from "../lifetime";
import type { Sandbox } from "../sandbox";
import { print, type Screen } from "../terminal/screen";
import { counted, wrapped } from "../terminal/text";
import { findingsAlerts } from "../tour/findings-alerts";
import { guardDutyInSlack } from "../tour/guardduty-in-slack";
import { securityGroups } from "../tour/security-groups";
import { playTour } from "../tour/tour";
import { open } from "./open";

const WELCOME =
  "The sandbox runs the program that would be deployed, with its real function archives, state machines and IAM policies, on an emulated AWS Organization on this " +
  "machine. Its clock is virtual: days pass in a moment.";

/** `start`: the guided tour, then the sandbox stays open until Ctrl-C. Answers the exit code. */
export async function start(screen: Screen, command: Extract<Command, { name: "start" }>, lifetime: Lifetime): Promise<number> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  if (command.inbox !== undefined) {
    makeInbox(command.inbox);
  }
  print(
    screen,
    "",
    `${screen.bold("tocsin")}  the alarm bell of an AWS Organization`,
    "",
    ...wrapped(WELCOME, screen.width - 2).map((line) => screen.dim(`  ${line}`)),
    "",
  );
  const sandbox = await open(screen, command, lifetime);
  const { alerts, approvals, securityGroupGuard } = sandbox.stack.settings;
  const [approver] = approvals?.approvers ?? [];
  const scenes = [
    ...findingsAlerts(alerts),
    ...(securityGroupGuard?.mode === "revert" && approver !== undefined ? securityGroups(approver) : []),
    ...guardDutyInSlack(),
  ];
  const { deliveries, passed } = await playTour(screen, sandbox, scenes, seconds);
  if (command.inbox !== undefined) {
    print(screen, "", `  ${counted(saveMessages(command.inbox, deliveries), "message")} saved in ${command.inbox}`);
  }
  if (!command.exit) {
    printDoor(screen, sandbox);
    await serve(sandbox);
  }
  return passed ? 0 : 1;
}

/** How to look around in the open sandbox. */
function printDoor(screen: Screen, { cloud, home, deployment }: Sandbox): void {
  const { accessKeyId, secretAccessKey, sessionToken } = cloud.operatorCredentials(home.account);
  print(
    screen,
    "",
    screen.accent("The sandbox stays open until Ctrl-C"),
    "",
    screen.dim("  Its AWS API, for the AWS CLI and SDKs, as the security account:"),
    `  export AWS_ENDPOINT_URL=${cloud.endpoint} AWS_REGION=${home.region}`,
    `  export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`,
    `  export AWS_SESSION_TOKEN=${sessionToken}`,
    screen.dim(`  For example: aws securityhub get-findings, aws dynamodb scan --table-name ${String(deployment.outputs.tableName)}`),
    "",
  );
}

/** Lets what a visitor of the AWS API sets going come to its end, again and again. Never resolves: a signal ends the process. */
async function serve({ runtime }: Sandbox): Promise<never> {
  for (;;) {
    await runtime.settle();
    await setTimeout(1_000);
  }
}
