import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";

/** What the parts of the Organization's own setup have in common. */
export interface OrganizationPartArgs {
  readonly settings: Settings;
  /** Provider of the management account. */
  readonly management: aws.Provider;
  /** Provider of the security account. */
  readonly security: aws.Provider;
  /** What has to be done in Organizations before this part has its turn. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * How resources of a part are declared in either account.
 *
 * They stay when they leave the program, by `pulumi destroy` or `manage.…: false`: both mean "hands off", never that an Organization of thousands of accounts
 * loses its detection, or a delegated administrator that other teams rely on. Removing them is a deliberate act of its own.
 */
export const optionsFor = (parent: pulumi.Resource, { management, security }: OrganizationPartArgs) => ({
  inManagement: { parent, provider: management, retainOnDelete: true },
  inSecurity: { parent, provider: security, retainOnDelete: true },
});

/** Covered Regions, the home Region first. */
export const homeFirst = ({ region, organization }: Settings): readonly [string, ...string[]] => [
  region,
  ...organization.regions.filter((other) => other !== region),
];
