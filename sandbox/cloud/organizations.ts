import { ACCOUNTS, FIRST_ADDED_ACCOUNT, ORGANIZATION_ID, ORGANIZATIONAL_UNITS, ROOT_ID } from "../organization";
import { type ServiceCall, ServiceError, type ServiceHandler } from "../types";
import { organizationEvents } from "./organization-events";

export const MANAGEMENT = "111111111111";
/** AWS gives at most 20 a page. */
const PAGE = 20;

interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly joined: number;
  parent: string;
  status: string;
}

interface Unit {
  readonly id: string;
  name: string;
  readonly parent: string;
}

const arn = (kind: string, id: string): string => `arn:aws:organizations::${MANAGEMENT}:${kind}/${ORGANIZATION_ID}/${id}`;
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** The Organization: the fixed accounts and units, and what is added to them later. Emulators make random ids, and answer only the management account. */
export class Organization {
  readonly #accounts: Account[];
  readonly #units: Unit[];
  readonly #tags = new Map<string, Map<string, string>>();
  readonly #listeners: ((events: readonly Readonly<Record<string, unknown>>[]) => void)[] = [];

  constructor(private readonly now: () => number) {
    this.#accounts = ACCOUNTS.map(({ id, name, parent }) => ({
      id,
      name,
      parent,
      email: `${name}@example.com`,
      joined: now(),
      status: "ACTIVE",
    }));
    this.#units = ORGANIZATIONAL_UNITS.map(({ id, name }) => ({ id, name, parent: ROOT_ID }));
  }

  describe(): Record<string, unknown> {
    return {
      Id: ORGANIZATION_ID,
      Arn: `arn:aws:organizations::${MANAGEMENT}:organization/${ORGANIZATION_ID}`,
      FeatureSet: "ALL",
      MasterAccountArn: arn("account", MANAGEMENT),
      MasterAccountId: MANAGEMENT,
      MasterAccountEmail: "management@example.com",
      AvailablePolicyTypes: [{ Type: "SERVICE_CONTROL_POLICY", Status: "ENABLED" }],
    };
  }

  /** All accounts, as ListAccounts answers them. */
  accounts(): Record<string, unknown>[] {
    return this.#accounts.map((account) => this.#account(account));
  }

  /** Accounts at or below an organizational unit or the root. */
  accountsBelow(parent: string): { id: string; status: string }[] {
    const units = this.#units.filter((unit) => unit.parent === parent);
    return [
      ...this.#accounts.filter((account) => account.parent === parent).map(({ id, status }) => ({ id, status })),
      ...units.flatMap(({ id }) => this.accountsBelow(id)),
    ];
  }

  /** Calls the listener after each change, with the events that it makes. */
  onChange(listener: (events: readonly Readonly<Record<string, unknown>>[]) => void): void {
    this.#listeners.push(listener);
  }

  /** All roots, as ListRoots answers them. */
  roots(): Record<string, unknown>[] {
    return [{ Id: ROOT_ID, Arn: arn("root", ROOT_ID), Name: "Root", PolicyTypes: [] }];
  }

  #account({ id, name, email, joined, status }: Account): Record<string, unknown> {
    return {
      Id: id,
      Arn: arn("account", id),
      Email: email,
      Name: name,
      Status: status,
      State: status,
      JoinedMethod: "CREATED",
      JoinedTimestamp: joined / 1000,
    };
  }

  #unit({ id, name }: Unit): Record<string, unknown> {
    return { Id: id, Arn: arn("ou", id), Name: name };
  }

  #findAccount(id: unknown): Account {
    const account = this.#accounts.find((one) => one.id === id);
    if (!account) throw new ServiceError("AccountNotFoundException", "You specified an account that doesn't exist.");
    return account;
  }

  #findUnit(id: unknown): Unit {
    const unit = this.#units.find((one) => one.id === id);
    if (!unit) throw new ServiceError("OrganizationalUnitNotFoundException", "You specified an organizational unit that doesn't exist.");
    return unit;
  }

  #parent(id: unknown): string {
    if (id === ROOT_ID || this.#units.some((unit) => unit.id === id)) return text(id);
    throw new ServiceError("ParentNotFoundException", "We can't find a root or OU with the ParentId that you specified.");
  }

  #parentOf(child: string): string {
    const found = this.#accounts.find(({ id }) => id === child) ?? this.#units.find(({ id }) => id === child);
    if (!found)
      throw new ServiceError(
        "ChildNotFoundException",
        "We can't find an organizational unit (OU) or AWS account with the ChildId that you specified.",
      );
    return found.parent;
  }

  /** Answers a call; `undefined` for operations that it does not have. */
  answer(call: ServiceCall): Record<string, unknown> | undefined {
    const { operation, input } = call;
    switch (operation) {
      case "DescribeOrganization":
        return { Organization: this.describe() };
      case "ListRoots":
        return { Roots: this.roots() };
      case "ListAccounts":
        return page("Accounts", this.accounts(), input);
      case "DescribeAccount":
        return { Account: this.#account(this.#findAccount(input.AccountId)) };
      case "DescribeOrganizationalUnit":
        return { OrganizationalUnit: this.#unit(this.#findUnit(input.OrganizationalUnitId)) };
      case "ListParents": {
        const parent = this.#parentOf(text(input.ChildId));
        return { Parents: [{ Id: parent, Type: parent === ROOT_ID ? "ROOT" : "ORGANIZATIONAL_UNIT" }] };
      }
      case "ListAccountsForParent": {
        const parent = this.#parent(input.ParentId);
        const children = this.#accounts.filter((account) => account.parent === parent);
        return page(
          "Accounts",
          children.map((account) => this.#account(account)),
          input,
        );
      }
      case "ListOrganizationalUnitsForParent": {
        const parent = this.#parent(input.ParentId);
        const children = this.#units.filter((unit) => unit.parent === parent);
        return page(
          "OrganizationalUnits",
          children.map((unit) => this.#unit(unit)),
          input,
        );
      }
      case "ListChildren": {
        const parent = this.#parent(input.ParentId);
        const all: readonly { id: string; parent: string }[] = input.ChildType === "ACCOUNT" ? this.#accounts : this.#units;
        const children = all.filter((child) => child.parent === parent).map(({ id }) => ({ Id: id, Type: input.ChildType }));
        return page("Children", children, input);
      }
      case "ListTagsForResource":
        return { Tags: [...(this.#tags.get(text(input.ResourceId)) ?? [])].map(([Key, Value]) => ({ Key, Value })) };
      default:
        return this.#changed(call);
    }
  }

  #changed(call: ServiceCall): Record<string, unknown> | undefined {
    const answer = this.#change(call.operation, call.input);
    if (answer !== undefined) {
      const events = organizationEvents({ ...call, account: MANAGEMENT }, answer, this.now());
      for (const listener of this.#listeners) listener(events);
    }
    return answer;
  }

  #change(operation: string, input: ServiceCall["input"]): Record<string, unknown> | undefined {
    switch (operation) {
      case "CreateAccount": {
        const id = String(FIRST_ADDED_ACCOUNT + this.#accounts.length - ACCOUNTS.length);
        const account = {
          id,
          name: text(input.AccountName),
          email: text(input.Email),
          joined: this.now(),
          parent: ROOT_ID,
          status: "ACTIVE",
        };
        this.#accounts.push(account);
        return { CreateAccountStatus: { Id: `car-${id}`, AccountName: account.name, State: "SUCCEEDED", AccountId: id } };
      }
      case "CloseAccount":
        this.#findAccount(input.AccountId).status = "SUSPENDED";
        return {};
      case "MoveAccount":
        this.#findAccount(input.AccountId).parent = this.#parent(input.DestinationParentId);
        return {};
      case "CreateOrganizationalUnit": {
        const unit = {
          id: `ou-root-added${String(this.#units.length).padStart(5, "0")}`,
          name: text(input.Name),
          parent: this.#parent(input.ParentId),
        };
        this.#units.push(unit);
        return { OrganizationalUnit: this.#unit(unit) };
      }
      case "UpdateOrganizationalUnit": {
        const unit = this.#findUnit(input.OrganizationalUnitId);
        unit.name = text(input.Name) || unit.name;
        return { OrganizationalUnit: this.#unit(unit) };
      }
      case "TagResource":
        for (const { Key, Value } of (input.Tags ?? []) as { Key: string; Value: string }[])
          this.#tagsOf(text(input.ResourceId)).set(Key, Value);
        return {};
      case "UntagResource":
        for (const key of (input.TagKeys ?? []) as string[]) this.#tagsOf(text(input.ResourceId)).delete(key);
        return {};
      default:
        return undefined;
    }
  }

  #tagsOf(resource: string): Map<string, string> {
    const tags = this.#tags.get(resource) ?? new Map<string, string>();
    this.#tags.set(resource, tags);
    return tags;
  }
}

function page(name: string, all: readonly unknown[], { NextToken, MaxResults }: ServiceCall["input"]): Record<string, unknown> {
  const start = Number(NextToken ?? 0) || 0;
  const end = start + Math.min(Number(MaxResults ?? PAGE) || PAGE, PAGE);
  return { [name]: all.slice(start, end), ...(end < all.length && { NextToken: String(end) }) };
}

/** Organizations answers the management account and a delegated administrator; other members learn only which Organization they are in. */
export function organizationsHandler(organization: Organization, administrator: string): ServiceHandler {
  return async (call) => {
    if (call.account !== MANAGEMENT && call.account !== administrator && call.operation !== "DescribeOrganization")
      throw new ServiceError("AccessDeniedException", "You don't have permissions to access this resource.");
    const body = organization.answer(call);
    return body && { body };
  };
}
