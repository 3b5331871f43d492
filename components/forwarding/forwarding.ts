import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";
import { MemberAccount } from "./member-account";
import type { MemberSide } from "./member-side";
import { MemberStackSets } from "./member-stack-sets";
import { regionGroups } from "./region-groups";

export interface ForwardingArgs {
  readonly settings: Settings;
  /** What each member gets: `memberSide(settings)`. */
  readonly side: MemberSide;
  /** The management account, which StackSets never deploy to. */
  readonly management: aws.Provider;
  /** One provider for each of the settings' `accountIds` with `via: providers`, by account id. Empty with `via: stackset`. */
  readonly members: Readonly<Record<string, aws.Provider>>;
}

/**
 * Sends the events of all members to the central bus, by StackSets or by one provider per account, as the settings say. The security account's provider makes the
 * StackSets; the bus has to be there first.
 *
 * @example
 * new Forwarding("members", { settings, side: memberSide(settings), management, members: {} }, { providers: [security], dependsOn: [tocsin] });
 */
export class Forwarding extends pulumi.ComponentResource {
  /** Names of the StackSets; none with `via: providers`. */
  readonly stackSetNames: pulumi.Output<string[]>;

  constructor(name: string, args: ForwardingArgs, opts?: pulumi.ComponentResourceOptions) {
    const { settings, side, management, members } = args;
    const { forwarding, managementAccountId } = settings.organization;
    const listed = forwarding.via === "providers" ? forwarding.accountIds : [];
    const missing = listed.filter((account) => account !== managementAccountId && members[account] === undefined);
    if (missing.length > 0) {
      throw new pulumi.InputPropertyError({ propertyPath: "members", reason: `no provider is given for ${missing.join(", ")}` });
    }
    super("tocsin:index:Forwarding", name, {}, opts);

    for (const [account, provider] of Object.entries({ ...members, [managementAccountId]: management })) {
      new MemberAccount(account, { account, side }, { parent: this, providers: [provider] });
    }
    const stackSets =
      forwarding.via === "stackset"
        ? new MemberStackSets(
            "stack-sets",
            { side, groups: regionGroups(settings), organizationalUnitIds: forwarding.organizationalUnitIds },
            { parent: this },
          ).names
        : [];
    this.stackSetNames = pulumi.all([...stackSets]);
    this.registerOutputs({ stackSetNames: this.stackSetNames });
  }
}
