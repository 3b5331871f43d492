import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { MemberSide } from "./member-side";
import { stackSetName } from "./region-groups";
import { stackSetTemplate } from "./stackset-template";

export interface MemberStackSetsArgs {
  readonly side: MemberSide;
  /** Regions by StackSet, the home Region's first: see `regionGroups`. */
  readonly groups: readonly (readonly string[])[];
  /** Root or organizational units, with everything below: at most 50, as many as one call takes (the settings see to that). */
  readonly organizationalUnitIds: readonly string[];
}

/** An operation on thousands of accounts takes hours; the provider would stop waiting after 30 minutes. */
const LARGE_ORGANIZATION = { create: "6h", update: "6h", delete: "6h" } as const;

/**
 * Everywhere at once. An account where it fails (a service control policy forbids it, say) must not keep the others from being covered: it shows in
 * `npm run coverage`, and as a silent member. `concurrencyMode` is for the instances alone, because the provider has no such setting for updates of the StackSet
 * itself; where every account may fail, the strict mode does not slow them down either:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/concurrency-mode.html
 */
const EVERYWHERE_AT_ONCE = { regionConcurrencyType: "PARALLEL", maxConcurrentPercentage: 100, failureTolerancePercentage: 100 } as const;

/**
 * The member's side in every account below some organizational units, however many there are, and in those that join later: service-managed StackSets, one per
 * group of Regions. They reach all accounts but the management account.
 */
export class MemberStackSets extends pulumi.ComponentResource {
  readonly names: readonly pulumi.Output<string>[];

  constructor(name: string, args: MemberStackSetsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:MemberStackSets", name, {}, opts);
    const { side, groups, organizationalUnitIds } = args;
    const templateBody = JSON.stringify(stackSetTemplate(side));
    const sets: aws.cloudformation.StackSet[] = [];
    const deployed: pulumi.Resource[] = [];
    for (const [index, regions] of groups.entries()) {
      const [home] = sets;
      const set = new aws.cloudformation.StackSet(
        `${name}-${index + 1}`,
        {
          name: stackSetName(index),
          description: `Sends events of members to the security account (${regions.join(", ")})`,
          region: side.homeRegion,
          callAs: "DELEGATED_ADMIN",
          permissionModel: "SERVICE_MANAGED",
          // In an account that joins, the roles come first, too.
          autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false, dependsOnStackSets: home && [home.arn] },
          managedExecution: { active: true },
          operationPreferences: EVERYWHERE_AT_ONCE,
          capabilities: ["CAPABILITY_NAMED_IAM"],
          templateBody,
        },
        { parent: this, customTimeouts: LARGE_ORGANIZATION },
      );
      sets.push(set);
      deployed.push(
        // One for all units: the provider takes every instance of a StackSet for those of each such resource, so that a second one would undo the first.
        new aws.cloudformation.StackInstances(
          `${name}-${index + 1}`,
          {
            stackSetName: set.name,
            region: side.homeRegion,
            callAs: "DELEGATED_ADMIN",
            deploymentTargets: { organizationalUnitIds: [...organizationalUnitIds] },
            regions: [...regions],
            operationPreferences: { ...EVERYWHERE_AT_ONCE, concurrencyMode: "SOFT_FAILURE_TOLERANCE" },
          },
          // One call after the other: the home Region has to be first.
          { parent: this, dependsOn: deployed.slice(-1), customTimeouts: LARGE_ORGANIZATION },
        ),
      );
    }
    this.names = sets.map((set) => set.name);
    this.registerOutputs({ names: this.names });
  }
}
