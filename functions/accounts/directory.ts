import type { AccountInfo } from "../alert";

/** Where account names are kept, and who knows them when they are not. */
export interface DirectoryParts {
  /** Looks into the table. */
  readonly read: (accountId: string, signal: AbortSignal) => Promise<AccountInfo | undefined>;
  readonly write: (account: AccountInfo, signal: AbortSignal) => Promise<void>;
  /** Asks AWS Organizations. Throws when it does not answer or does not know. */
  readonly ask: (accountId: string, signal: AbortSignal) => Promise<AccountInfo>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of what went wrong: a name is never worth holding up an alert. */
  readonly warn: (message: string, error: unknown) => void;
}

/** How long a name is taken from memory, in milliseconds. */
const FRESH = 3_600_000;
/** How long an account that nobody could name is not asked for again, in milliseconds. */
const UNKNOWN = 600_000;
/** How long a question to the table or to AWS Organizations may take, in milliseconds: an alert does not wait for a name. */
const PATIENCE = 2_000;

/** Names of accounts: from memory, else from the table, else asked once and remembered. A miss answers the bare id. */
export class AccountDirectory {
  private readonly known = new Map<string, { readonly account: AccountInfo; readonly until: number }>();

  constructor(private readonly parts: DirectoryParts) {}

  async lookUp(accountId: string): Promise<AccountInfo> {
    const known = this.known.get(accountId);
    if (known !== undefined && known.until > this.parts.now()) {
      return known.account;
    }
    const stored = await this.stored(accountId);
    // What a new account's event wrote has a name, but no organizational units yet.
    const account = stored?.organizationalUnitIds === undefined ? await this.asked(accountId, stored) : stored;
    const lasts = account.name === undefined ? UNKNOWN : FRESH;
    this.known.set(accountId, { account, until: this.parts.now() + lasts });
    return account;
  }

  private async stored(accountId: string): Promise<AccountInfo | undefined> {
    try {
      return await this.parts.read(accountId, AbortSignal.timeout(PATIENCE));
    } catch (error) {
      this.parts.warn(`could not read the name of account ${accountId}`, error);
      return undefined;
    }
  }

  private async asked(accountId: string, stored: AccountInfo = { id: accountId }): Promise<AccountInfo> {
    let account: AccountInfo;
    try {
      account = await this.parts.ask(accountId, AbortSignal.timeout(PATIENCE));
    } catch (error) {
      this.parts.warn(`AWS Organizations did not name account ${accountId}`, error);
      return stored;
    }
    try {
      await this.parts.write(account, AbortSignal.timeout(PATIENCE));
    } catch (error) {
      this.parts.warn(`could not keep the name of account ${accountId}`, error);
    }
    return { ...stored, ...account };
  }
}
