import {
  type EvaluationResult,
  isWildcardOnlyAction,
  runSimulation,
  runUnsafeSimulation,
  type Simulation,
  type SimulationErrors,
} from "@cloud-copilot/iam-simulate";
import { ORGANIZATION_ID } from "../organization";
import type { Cloud, Denied } from "../types";
import { conditionKeys, Policies, type PolicyDocument } from "./iam-policies";
import { accountOfArn } from "./sessions";

type Request = Parameters<Cloud["authorize"]>[0];
type Context = Readonly<Record<string, string | readonly string[]>>;

interface Verdict {
  readonly allowed: boolean;
  /** Why not, in AWS's words. */
  readonly because: string;
}

/** What a principal may do by itself. */
interface Identity {
  readonly policies: readonly (readonly [name: string, policy: PolicyDocument])[];
  readonly boundary?: PolicyDocument | undefined;
}

/** Everything within its own account: what the sandbox's own principals may do. */
const EVERYTHING: PolicyDocument = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

const BECAUSE: Readonly<Record<string, string>> = {
  ImplicitlyDenied: "no identity-based policy allows the",
  ExplicitlyDenied: "an explicit deny is in a policy for the",
};

/** Tells whether an action as called falls under an action as written in a policy. */
const covers = (written: string, action: string): boolean =>
  new RegExp(
    `^${written
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*/g, ".*")
      .replace(/\?/g, ".")}$`,
    "i",
  ).test(action);

async function run(simulation: Simulation): Promise<EvaluationResult | SimulationErrors> {
  // The simulator's check of its input takes documents of AWS itself (`arn:aws:ssm:<region>::document/…`), which have no account, for faulty.
  if (/^arn:aws:ssm:[^:]*::document\//.test(simulation.request.resource.resource)) return runUnsafeSimulation(simulation, {});
  const answer = await runSimulation(simulation, {});
  return answer.resultType === "error" ? answer.errors : answer.overallResult;
}

/** Decides as IAM does, and keeps book. */
export class Iam {
  readonly policies = new Policies();
  readonly denied: Denied[] = [];
  readonly #verdicts = new Map<string, Promise<Verdict>>();
  readonly #used = new Map<string, Set<string>>();
  #version = 0;

  constructor(private readonly progress: (text: string) => void) {}

  /** Decides and records a refusal. */
  async authorize(request: Request): Promise<boolean> {
    return (await this.decide(request)).allowed;
  }

  /** Decides, records a refusal, and says why. */
  async decide(request: Request): Promise<Verdict> {
    if (this.#version !== this.policies.version) {
      this.#verdicts.clear();
      this.#version = this.policies.version;
    }
    const { principal, action, resource } = request;
    const identity = this.#identity(principal);
    const context = this.#context(request, identity.policies);
    const key = JSON.stringify([principal, action, resource, context, request.resourcePolicy]);
    const known = this.#verdicts.get(key);
    const verdict = await (known ?? this.#remember(key, this.#simulate(request, context, identity)));
    if (verdict.allowed) this.#use(principal, action);
    else this.denied.push({ principal, action, resource });
    return verdict;
  }

  #remember(key: string, verdict: Promise<Verdict>): Promise<Verdict> {
    this.#verdicts.set(key, verdict);
    return verdict;
  }

  #use(principal: string, action: string): void {
    const key = Policies.key(accountOfArn(principal), principal);
    const used = this.#used.get(key) ?? new Set<string>();
    used.add(action);
    this.#used.set(key, used);
  }

  #identity(principal: string): Identity {
    if (/^arn:aws:iam::\d{12}:root$/.test(principal)) return { policies: [["root", EVERYTHING]] };
    const role = this.policies.ofRole(principal);
    return role ? { policies: [...role.identity], boundary: role.boundary } : { policies: [] };
  }

  /** Only what some policy asks about: one verdict then serves all calls that do not differ in it. */
  #context({ principal, resource, context, resourcePolicy }: Request, identity: Identity["policies"]): Context {
    const asked = new Set(identity.flatMap(([, policy]) => conditionKeys(policy)));
    if (resourcePolicy) for (const key of conditionKeys(resourcePolicy as PolicyDocument)) asked.add(key);
    const account = accountOfArn(principal);
    const all: Context = {
      "aws:PrincipalArn": principal,
      ...(account && { "aws:PrincipalAccount": account, "aws:PrincipalOrgID": ORGANIZATION_ID }),
      ...(resource.split(":")[3] && { "aws:RequestedRegion": resource.split(":")[3] ?? "" }),
      "aws:SecureTransport": "true",
      "aws:PrincipalIsAWSService": String(principal.endsWith(".amazonaws.com")),
      ...(resource.startsWith("arn:") &&
        accountOfArn(resource) && { "aws:ResourceAccount": accountOfArn(resource), "aws:ResourceOrgID": ORGANIZATION_ID }),
      ...context,
    };
    // Variables in policies (`${aws:PrincipalAccount}`) are rare, and ask without a condition.
    const variables = JSON.stringify([identity, resourcePolicy]).includes("${");
    return variables ? all : Object.fromEntries(Object.entries(all).filter(([key]) => asked.has(key.toLowerCase())));
  }

  async #simulate(
    { principal, action, resource, resourcePolicy }: Request,
    context: Context,
    { policies, boundary }: Identity,
  ): Promise<Verdict> {
    const [service = "", operation = ""] = action.split(":");
    const wildcard = await isWildcardOnlyAction(service, operation).catch(() => undefined);
    if (wildcard === undefined) {
      this.progress(`IAM knows no action ${action}: refused (${principal})`);
      return { allowed: false, because: `there is no action ${action}` };
    }
    const arn = wildcard ? "*" : resource;
    // Organizations lets the delegated administrator read what belongs to the management account, without a resource policy.
    const owner = service === "organizations" ? accountOfArn(principal) : accountOfArn(arn) || accountOfArn(principal);
    const simulation: Simulation = {
      request: {
        principal,
        action,
        resource: { resource: arn, accountId: owner },
        contextVariables: Object.fromEntries(
          Object.entries(context).map(([key, value]) => [key, typeof value === "string" ? value : [...value]]),
        ),
      },
      identityPolicies: policies.map(([name, policy]) => ({ name, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy !== undefined && { resourcePolicy }),
      ...(boundary && { permissionBoundaryPolicies: [{ name: "boundary", policy: boundary }] }),
    };
    const answer = await run(simulation);
    if (typeof answer === "object") {
      const { message, ...details } = answer;
      this.progress(`IAM cannot judge ${action} on ${resource} by ${principal}: ${message} ${JSON.stringify(details)}`);
      return { allowed: false, because: message };
    }
    return answer === "Allowed"
      ? { allowed: true, because: "" }
      : { allowed: false, because: `${BECAUSE[answer] ?? "nothing allows the"} ${action} action` };
  }

  /** Granted, but covered by no call so far. */
  unusedPermissions(): { principal: string; action: string }[] {
    const unused: { principal: string; action: string }[] = [];
    for (const { account, role, actions } of this.policies.granted()) {
      const used = [...(this.#used.get(Policies.key(account, role)) ?? [])];
      for (const action of actions)
        if (!used.some((one) => covers(action, one))) unused.push({ principal: `arn:aws:iam::${account}:role/${role}`, action });
    }
    return unused;
  }
}
