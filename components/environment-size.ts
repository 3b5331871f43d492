import * as pulumi from "@pulumi/pulumi";

/** Bytes that Lambda gives all environment variables of a function together: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LIMIT = 4096;

/** Bytes that a value counts for which is known only after deployment: ARNs and URLs of ours are shorter. */
const UNKNOWN_VALUE = 160;

/** Which settings a variable carries. */
const SETTINGS: Readonly<Record<string, string>> = {
  ALERTS: "tocsin:alerts",
  APPROVALS: "tocsin:approvals",
  APPROVERS: "tocsin:approvals",
  CHANNELS: "tocsin:channels",
  GUARD: "tocsin:securityGroupGuard",
  ROUTES: "tocsin:routes",
  MEMBERS: "tocsin:organization",
  MUTES: "tocsin:mutes",
  RESOLVES: "tocsin:channels",
  RUNBOOKS: "tocsin:runbooks",
  STORM: "tocsin:storm",
};

/**
 * Checks that the settings fit into a function's environment.
 * @throws pulumi.RunError that names the settings that take the room.
 */
export function checkEnvironmentSize(functionName: string, environment: Readonly<Record<string, pulumi.Input<string>>>): void {
  const sizes = Object.entries(environment).map(([name, value]) => ({
    name,
    bytes: name.length + (typeof value === "string" ? Buffer.byteLength(value) : UNKNOWN_VALUE),
  }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= LIMIT) {
    return;
  }
  const fixed = sizes.filter(({ name }) => !(name in SETTINGS)).reduce((sum, { bytes }) => sum + bytes, 0);
  const bySetting = new Map<string, number>();
  for (const { name, bytes } of sizes) {
    const setting = SETTINGS[name];
    if (setting !== undefined) {
      bySetting.set(setting, (bySetting.get(setting) ?? 0) + bytes);
    }
  }
  const settings = [...bySetting].map(([setting, bytes]) => `${setting} ${bytes} bytes`).join(", ");
  throw new pulumi.RunError(
    `Settings are too large for the environment of function ${functionName}: ${settings}; allowed: ${LIMIT - fixed} bytes together. ` +
      "Make them shorter: fewer routes, channels, runbooks, mutes, ranges or identities, or one mailing list instead of many addresses.",
  );
}
