import * as pulumi from "@pulumi/pulumi";
import type { Source } from "../functions/alert-settings";
import type { CentralBus } from "./bus";
import { regionalPatterns, securityHubPatterns } from "./event-patterns";
import type { WorkQueue } from "./queue";
import { sendEvents } from "./rules";

export interface FindingRulesArgs {
  /** Home Region. */
  readonly region: string;
  readonly sources: readonly Source[];
  readonly bus: CentralBus;
  readonly intake: WorkQueue;
}

/**
 * What the settings ask for goes from the buses of the home Region to the intake queue; nothing else gets past here, and nothing downstream pays for it.
 * Security Hub's own events come from the default bus alone, where it gathers all accounts and Regions; GuardDuty's and Inspector's from the default bus for
 * the home Region and from the central bus for the others.
 */
export class FindingRules extends pulumi.ComponentResource {
  constructor(name: string, args: FindingRulesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:FindingRules", name, {}, opts);
    const { region, sources, bus, intake } = args;
    const target = { arn: intake.arn, deadLetterArn: intake.deadLetters.arn };
    const here = regionalPatterns(sources);
    sendEvents({ patterns: [...securityHubPatterns(sources), ...here], region, target, dependsOn: [intake] }, this);
    sendEvents({ patterns: here, region, bus: bus.name, target, prefix: "central-", dependsOn: [intake] }, this);
    this.registerOutputs({});
  }
}
