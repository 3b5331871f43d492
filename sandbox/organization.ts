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

/** Id of the first account that is created later (`CreateAccount`); those after it count on. */
export const FIRST_ADDED_ACCOUNT = 777_777_777_777;

/** Whether an id is that of an account that is there from the start, or can be once it was created. */
export const canBeAccount = (id: string): boolean =>
  ACCOUNTS.some((account) => account.id === id) ||
  (/^\d{12}$/.test(id) && Number(id) >= FIRST_ADDED_ACCOUNT && Number(id) < FIRST_ADDED_ACCOUNT + 1000);

export const ACCOUNTS: readonly EmulatedAccount[] = [
  { name: "management", id: "111111111111", parent: ROOT_ID },
  { name: "security", id: "222222222222", parent: "ou-root-security00" },
  { name: "payments", id: "333333333333", parent: "ou-root-production" },
  { name: "web", id: "444444444444", parent: "ou-root-production" },
  { name: "data", id: "555555555555", parent: "ou-root-production" },
  { name: "lab", id: "666666666666", parent: "ou-root-sandboxes" },
];
