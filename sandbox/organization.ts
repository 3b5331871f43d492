/** The emulated Organization: fixed, so that replays can name its accounts. */
export const ROOT_ID = "r-root";
export const ORGANIZATION_ID = "o-tocsin0000";

export interface EmulatedAccount {
  readonly name: string;
  /** 12 digits. */
  readonly id: string;
  /** Id of the organizational unit or the root that the account is in. */
  readonly parent: string;
}

export const ORGANIZATIONAL_UNITS = [
  { name: "Production", id: "ou-root-production" },
  { name: "Sandbox", id: "ou-root-sandboxes" },
  { name: "Security", id: "ou-root-security00" },
] as const;

export const ACCOUNTS: readonly EmulatedAccount[] = [
  { name: "management", id: "111111111111", parent: ROOT_ID },
  { name: "security", id: "222222222222", parent: "ou-root-security00" },
  { name: "payments", id: "333333333333", parent: "ou-root-production" },
  { name: "web", id: "444444444444", parent: "ou-root-production" },
  { name: "data", id: "555555555555", parent: "ou-root-production" },
  { name: "lab", id: "666666666666", parent: "ou-root-sandboxes" },
];
