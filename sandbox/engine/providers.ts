import type { Place } from "../types";
import { packageOf } from "./urn";

const PROVIDER_TYPE = "pulumi:providers:";

/** Packages whose providers work in an AWS account and Region, and say so alike. */
const AWS_PACKAGES = ["aws", "aws-native"];

export const isProviderType = (type: string): boolean => type.startsWith(PROVIDER_TYPE);

/** Providers take lists and maps as JSON text. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

const listOf = (value: unknown): readonly unknown[] => {
  const list = parsed(value);
  return Array.isArray(list) ? list : [];
};

/** The account that a provider works in: the only one it may, else that of the role which it assumes. */
function accountOf(settings: Readonly<Record<string, unknown>>): string | undefined {
  const [allowed] = listOf(settings.allowedAccountIds);
  if (typeof allowed === "string") return allowed;
  const [role] = [...listOf(settings.assumeRoles), parsed(settings.assumeRole)];
  const arn = typeof role === "object" && role !== null && "roleArn" in role ? role.roleArn : undefined;
  return typeof arn === "string" ? arn.split(":")[4] : undefined;
}

interface ProviderPlace {
  readonly account: string | undefined;
  readonly region: string | undefined;
}

const placeOf = (settings: Readonly<Record<string, unknown>>): ProviderPlace => ({
  account: accountOf(settings),
  region: typeof settings.region === "string" ? settings.region : undefined,
});

/** Knows in which account and Region each AWS provider of the program works. */
export class Providers {
  readonly #places = new Map<string, ProviderPlace>();
  readonly #defaultPlaces: ReadonlyMap<string, ProviderPlace>;
  readonly #disabledDefaults: readonly unknown[];

  /** @param config the stack's settings by `namespace:key`: the default providers take theirs from there. */
  constructor(config: Readonly<Record<string, string>>) {
    const settingsOf = (name: string): Record<string, string> =>
      Object.fromEntries(
        Object.entries(config)
          .filter(([key]) => key.startsWith(`${name}:`))
          .map(([key, value]) => [key.slice(name.length + 1), value]),
      );
    this.#defaultPlaces = new Map(AWS_PACKAGES.map((name) => [name, placeOf(settingsOf(name))]));
    this.#disabledDefaults = listOf(config["pulumi:disable-default-providers"]);
  }

  /** Takes note of a provider that the program registered. */
  add(urn: string, type: string, inputs: Readonly<Record<string, unknown>>): void {
    if (AWS_PACKAGES.includes(type.slice(PROVIDER_TYPE.length))) this.#places.set(urn, placeOf(inputs));
  }

  /**
   * Where a resource or function of a package works; nothing if it is not of AWS, or its provider does not say.
   * @param reference `<URN of the provider>::<its id>`; empty for the default provider.
   * @param region Region of the resource itself, which goes before its provider's.
   */
  resolve(token: string, reference: string, region: unknown): Place | undefined {
    const name = packageOf(token);
    if (reference === "" && (this.#disabledDefaults.includes(name) || this.#disabledDefaults.includes("*"))) {
      throw new Error(`Default provider for '${name}' disabled. '${token}' must use an explicit provider.`);
    }
    const place = reference === "" ? this.#defaultPlaces.get(name) : this.#places.get(reference.slice(0, reference.lastIndexOf("::")));
    const account = place?.account;
    const where = typeof region === "string" ? region : place?.region;
    return account === undefined || where === undefined ? undefined : { account, region: where };
  }
}
