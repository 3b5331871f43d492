import * as pulumi from "@pulumi/pulumi";
import { accountProvider } from "../../../components/account-provider";
import { Organization } from "../../../components/organization/organization";
import { parseSettings } from "../../../settings";
import { CONFIG } from "../example-config";

/** A resource as the Organization declared it, without its options' default values. */
export interface DeclaredPart {
  /** For example `securityhub:Account security-hub`. */
  readonly label: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
}

type Section = Readonly<Record<string, unknown>>;

/** The example configuration with these settings of `tocsin:organization` changed. */
export const withOrganization = (changed: Section): Section => ({
  ...CONFIG,
  "tocsin:organization": { ...(CONFIG["tocsin:organization"] as Section), ...changed },
});

/** `securityhub:Account` for `aws:securityhub/account:Account`. */
export const shortType = (type: string): string => type.replace(/^aws:([^/]+)\/[^:]+:/, "$1:");

/** Declares the Organization of a configuration under Pulumi's mocks, and answers its resources. @param more other sections. */
export async function declareOrganization(changed: Section = {}, more: Section = {}): Promise<DeclaredPart[]> {
  const settings = parseSettings("test", { ...withOrganization(changed), ...more });
  const { managementAccountId, securityAccountId } = settings.organization;
  const { region } = settings;
  const options = new Map<string, pulumi.CustomResourceOptions>();
  const declared: DeclaredPart[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom }) => {
        const label = `${shortType(type)} ${name}`;
        if (custom && type.startsWith("aws:")) {
          const { protect = false, retainOnDelete = false } = options.get(label) ?? {};
          declared.push({ label, inputs, protect: protect === true, retainOnDelete });
        }
        return { id: `${name}-id`, state: { arn: `arn:of:${label}`, ...inputs } };
      },
      call: () => ({ id: "o-tocsin0000" }),
    },
    "tocsin",
    "test",
  );
  const management = accountProvider("management", { account: managementAccountId, region });
  const security = accountProvider("security", { account: securityAccountId, region });
  new Organization(
    "organization",
    { settings, management, security },
    {
      // Mocks are not shown the options of resources.
      transformations: [
        ({ type, name, opts }) => {
          options.set(`${shortType(type)} ${name}`, opts);
          return undefined;
        },
      ],
    },
  );
  await pulumi.runtime.disconnect();
  return declared;
}
