import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { NamedPattern } from "./event-patterns";
import { EVENT_RETRIES } from "./limits";
import { physicalName } from "./names";

/** Where the events of rules go. */
export interface RuleTarget {
  /** ARN of the queue or bus. */
  readonly arn: pulumi.Input<string>;
  /** ARN of the queue, in the Region of the rules, that takes what could not be delivered. */
  readonly deadLetterArn: pulumi.Input<string>;
  /** Role that EventBridge assumes, for buses. */
  readonly roleArn?: pulumi.Input<string>;
}

export interface RulesArgs {
  readonly patterns: readonly NamedPattern[];
  /** Region of the rules. */
  readonly region: string;
  /** Name of the bus; the default bus if absent. */
  readonly bus?: pulumi.Input<string>;
  readonly target: RuleTarget;
  /** Put in front of the patterns' names where several sets of rules are in one program. */
  readonly prefix?: string;
  /** What the target needs before events may come. */
  readonly dependsOn?: readonly pulumi.Resource[];
}

/** One rule for each pattern, all with the same target. Events go on as they are. */
export function sendEvents({ patterns, region, bus, target, prefix = "", dependsOn = [] }: RulesArgs, parent: pulumi.Resource): void {
  for (const { name, description, pattern } of patterns) {
    const rule = new aws.cloudwatch.EventRule(
      prefix + name,
      { name: physicalName(name), description, eventPattern: pattern, eventBusName: bus, region },
      { parent },
    );
    new aws.cloudwatch.EventTarget(
      prefix + name,
      {
        rule: rule.name,
        eventBusName: bus,
        region,
        targetId: "tocsin",
        arn: target.arn,
        roleArn: target.roleArn,
        deadLetterConfig: { arn: target.deadLetterArn },
        retryPolicy: EVENT_RETRIES,
      },
      { parent, dependsOn: [...dependsOn] },
    );
  }
}
