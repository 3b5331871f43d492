import { createHash } from "node:crypto";
import { type GraphResource, type Place, type Provisioner, ServiceError } from "../types";
import { Claims } from "./claims";
import { TemplateError } from "./intrinsics";
import { deployStack } from "./stack";
import type { Template } from "./template";

/** Which accounts a StackSet is to reach, and where. */
export interface Targets {
  /** Ids of organizational units, or of the root. */
  readonly organizationalUnitIds: readonly string[];
  /** Accounts that `filter` is about. */
  readonly accounts: readonly string[];
  readonly filter: "NONE" | "INTERSECTION" | "DIFFERENCE" | "UNION";
  readonly regions: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  /** How many accounts may fail in a Region before the operation fails. */
  readonly tolerance: { readonly count?: number; readonly percentage?: number };
}

export interface Instance extends Place {
  readonly organizationalUnitId: string;
  readonly stackId: string;
  readonly status: "CURRENT" | "OUTDATED";
  readonly detailedStatus: "SUCCEEDED" | "FAILED" | "SKIPPED_SUSPENDED_ACCOUNT";
  readonly reason?: string;
}

export interface StackSet {
  readonly name: string;
  readonly id: string;
  /** Where it is administered. */
  readonly place: Place;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly description?: string;
  readonly autoDeployment: { readonly enabled: boolean; readonly retain: boolean };
  readonly managedExecution: boolean;
  readonly targets: Targets[];
  readonly instances: Map<string, Instance>;
}

export type NewStackSet = Omit<StackSet, "id" | "targets" | "instances">;

/** What of the Organization a StackSet has to know. */
export interface Members {
  readonly managementAccount: string;
  /** Accounts at or below an organizational unit or the root. */
  accountsBelow(unit: string): readonly { readonly id: string; readonly status: string }[];
}

/** Most organizational units in a request: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html */
const MOST_UNITS = 50;

const uuid = (text: string): string =>
  createHash("sha256")
    .update(text)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");

const arn = ({ account, region }: Place, resource: string): string => `arn:aws:cloudformation:${region}:${account}:${resource}`;

export const stackSetArn = ({ place, id }: StackSet): string => arn(place, `stackset/${id}`);

/** Service-managed StackSets: stacks in the accounts of organizational units, but never in the management account. */
export class StackSets {
  readonly claims = new Claims();
  /** What the stacks are made of, in the order in which it was made. */
  readonly resources: GraphResource[] = [];
  readonly #sets = new Map<string, StackSet>();

  /** @param note hears of instances that failed. */
  constructor(
    private readonly members: Members,
    private readonly note: (text: string) => void,
  ) {}

  get all(): readonly StackSet[] {
    return [...this.#sets.values()];
  }

  find(nameOrId: string): StackSet | undefined {
    return this.all.find(({ name, id }) => name === nameOrId || id === nameOrId);
  }

  create(wanted: NewStackSet): StackSet {
    if (this.#sets.has(wanted.name)) {
      throw new ServiceError("NameAlreadyExistsException", `StackSet ${wanted.name} already exists`, 409);
    }
    requireCapabilities(wanted);
    const id = `${wanted.name}:${uuid(`${wanted.place.account} ${wanted.place.region} ${wanted.name}`)}`;
    const set: StackSet = { ...wanted, id, targets: [], instances: new Map() };
    this.#sets.set(set.name, set);
    return set;
  }

  /** Deploys stacks to targets. Answers the instances. Throws when more of them fail than is tolerated. */
  async deploy(set: StackSet, targets: Targets, create: Provisioner["create"]): Promise<readonly Instance[]> {
    if (targets.organizationalUnitIds.length > MOST_UNITS) {
      throw new ServiceError("ValidationError", `${targets.organizationalUnitIds.length} organizational units are more than ${MOST_UNITS}`);
    }
    set.targets.push(targets);
    const instances = await this.#deployMissing(set, targets, create);
    for (const region of targets.regions) {
      const here = instances.filter((instance) => instance.region === region);
      const failed = here.filter(({ detailedStatus }) => detailedStatus === "FAILED");
      if (failed.length > tolerated(targets.tolerance, here.length)) {
        const reasons = failed.map(({ account, reason }) => `${account} ${region}: ${reason}`);
        throw new Error(`the stack instances of ${set.name} failed: ${[...new Set(reasons)].join("; ")}`);
      }
    }
    return instances;
  }

  /** Deploys to accounts that joined the targets of sets with automatic deployment. Answers what is new. */
  async deployAutomatically(create: Provisioner["create"]): Promise<readonly GraphResource[]> {
    const known = this.resources.length;
    for (const set of this.all) {
      for (const targets of set.autoDeployment.enabled ? set.targets : []) {
        await this.#deployMissing(set, targets, create);
      }
    }
    return this.resources.slice(known);
  }

  async #deployMissing(set: StackSet, targets: Targets, create: Provisioner["create"]): Promise<readonly Instance[]> {
    const accounts = [...this.#accountsOf(targets)].filter(([account]) => account !== this.members.managementAccount);
    const deployed = await Promise.all(
      accounts.map(async ([account, { unit, suspended }]) => {
        const instances: { readonly instance: Instance; readonly resources: readonly GraphResource[] }[] = [];
        for (const region of targets.regions) {
          const key = `${account} ${region}`;
          if (set.instances.has(key)) {
            continue;
          }
          const resources: GraphResource[] = [];
          const instance = await this.#deployTo(set, targets, { account, region, unit, suspended }, create, resources);
          set.instances.set(key, instance);
          instances.push({ instance, resources });
        }
        return instances;
      }),
    );
    const instances = deployed.flat();
    this.resources.push(...instances.flatMap(({ instance, resources }) => (instance.status === "CURRENT" ? resources : [])));
    return instances.map(({ instance }) => instance);
  }

  async #deployTo(
    set: StackSet,
    targets: Targets,
    { account, region, unit, suspended }: Place & { readonly unit: string; readonly suspended: boolean },
    create: Provisioner["create"],
    made: GraphResource[],
  ): Promise<Instance> {
    const stackUuid = uuid(`${set.id} ${account} ${region}`);
    const name = `StackSet-${set.name}-${stackUuid}`;
    const id = arn({ account, region }, `stack/${name}/${stackUuid}`);
    const instance = { account, region, organizationalUnitId: unit, stackId: id } as const;
    if (suspended) {
      return { ...instance, status: "OUTDATED", detailedStatus: "SKIPPED_SUSPENDED_ACCOUNT", reason: "The account is suspended" };
    }
    const { template } = set;
    const parameters = { ...set.parameters, ...targets.parameters };
    const claiming: Provisioner["create"] = (resource) => {
      this.claims.take(id, resource.type, resource.inputs, resource.provider ?? { account, region });
      return create(resource);
    };
    try {
      await deployStack({ id, name, account, region, template, parameters }, claiming, made);
    } catch (error) {
      // What the sandbox does not understand is no failure of AWS.
      if (error instanceof TemplateError) {
        throw error;
      }
      // The stack is rolled back.
      this.claims.release(id);
      const reason = (error as Error).message;
      this.note(`stack instance ${account} ${region} of ${set.name} failed: ${reason}`);
      return { ...instance, status: "OUTDATED", detailedStatus: "FAILED", reason };
    }
    return { ...instance, status: "CURRENT", detailedStatus: "SUCCEEDED" };
  }

  /** The accounts that targets mean, each with the unit by which it is meant. */
  #accountsOf({ organizationalUnitIds, accounts, filter }: Targets): Map<string, { unit: string; suspended: boolean }> {
    const below = organizationalUnitIds.flatMap((unit) =>
      this.members.accountsBelow(unit).map(({ id, status }) => [id, { unit, suspended: status !== "ACTIVE" }] as const),
    );
    const wanted = {
      NONE: () => true,
      INTERSECTION: (id: string) => accounts.includes(id),
      DIFFERENCE: (id: string) => !accounts.includes(id),
      UNION: () => true,
    }[filter];
    const more = filter === "UNION" ? accounts.map((id) => [id, { unit: "", suspended: false }] as const) : [];
    return new Map([...more, ...below.filter(([id]) => wanted(id))]);
  }
}

const tolerated = ({ count, percentage }: Targets["tolerance"], accounts: number): number =>
  count ?? Math.floor(((percentage ?? 0) / 100) * accounts);

/** Roles have to be asked for: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html */
function requireCapabilities({ template, capabilities }: NewStackSet): void {
  const iam = template.resources.filter(({ type }) => type.startsWith("AWS::IAM::"));
  const named = iam.some(({ properties }) => "RoleName" in properties);
  const needed = named ? ["CAPABILITY_NAMED_IAM"] : ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"];
  if (iam.length > 0 && !needed.some((capability) => capabilities.includes(capability))) {
    throw new ServiceError("InsufficientCapabilitiesException", `Requires capabilities : [${needed[0]}]`);
  }
}
