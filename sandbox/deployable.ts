import { join } from "node:path";
import { parseSettings, type Settings, SettingsError } from "../settings";
import { readStackConfig, type StackConfig } from "./engine/stack-config";
import { ACCOUNTS, ORGANIZATIONAL_UNITS, ROOT_ID } from "./organization";
import { START } from "./runtime/clock";
import { UsageError } from "./usage-error";

/** Where the program of this repository stands. */
const REPOSITORY = join(__dirname, "..");

/** A stack that the sandbox can deploy. */
export interface DeployableStack {
  readonly name: string;
  readonly config: StackConfig;
  readonly settings: Settings;
}

/**
 * Reads and checks a stack's settings, before anything is started for it.
 * @param file replaces `Pulumi.<stack>.yaml`.
 * @throws UsageError with everything that is wrong.
 */
export function readStack(stack: string, file?: string): DeployableStack {
  const config = readStackConfig({ directory: REPOSITORY, stack, file });
  const settings = checked(stack, config);
  const unknown = unknownIds(settings);
  if (unknown.length > 0) {
    throw new UsageError(
      `stack ${stack} cannot run in the sandbox, whose Organization does not have ${unknown.join(", ")}; it has the accounts ` +
        `${ACCOUNTS.map(({ name, id }) => `${name} ${id}`).join(", ")}, the organizational units ` +
        `${ORGANIZATIONAL_UNITS.map(({ name, id }) => `${name} ${id}`).join(", ")} and the root ${ROOT_ID}`,
    );
  }
  return { name: stack, config, settings };
}

function checked(stack: string, config: StackConfig): Settings {
  try {
    return parseSettings(stack, config, START);
  } catch (error) {
    if (error instanceof SettingsError) {
      throw new UsageError(error.message);
    }
    throw error;
  }
}

/** Ids of accounts and organizational units that the settings name and the sandbox's Organization does not have. */
export function unknownIds({ organization, routes, runbooks, mutes }: Settings): string[] {
  const { forwarding } = organization;
  const conditions = [...routes, ...runbooks, ...mutes].flatMap(({ when }) => when ?? []);
  const accounts = [
    organization.managementAccountId,
    organization.securityAccountId,
    ...(forwarding.via === "providers" ? forwarding.accountIds : []),
    ...conditions.flatMap((condition) => condition.accounts ?? []).filter((account) => /^\d{12}$/.test(account)),
  ];
  const units = [
    ...(forwarding.via === "stackset" ? forwarding.organizationalUnitIds : []),
    ...conditions.flatMap((condition) => condition.organizationalUnits ?? []).filter((unit) => /^(ou|r)-[0-9a-z]{4,32}/.test(unit)),
  ];
  const known = [...ACCOUNTS.map(({ id }) => id), ...ORGANIZATIONAL_UNITS.map(({ id }) => id as string), ROOT_ID];
  return [...new Set([...accounts, ...units])].filter((id) => !known.includes(id));
}
