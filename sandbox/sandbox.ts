import { join } from "node:path";
import { startCloud } from "./cloud";
import type { DeployableStack } from "./deployable";
import { type ProgramResult, runProgram } from "./engine/run-program";
import { type Outside, startOutside } from "./outside";
import { plantedSecrets } from "./planted-secrets";
import { publishCalls } from "./published-calls";
import { createRuntime } from "./runtime";
import { VirtualClock } from "./runtime/clock";
import { stackSetsHandler } from "./stack-sets/api";
import { withStackSets } from "./stack-sets/provisioner";
import { StackSets } from "./stack-sets/stack-sets";
import { type Asff, type Cloud, type Place, type Provisioner, type Runtime, ServiceError } from "./types";

/** An emulated Organization with a deployed stack. */
export interface Sandbox {
  readonly stack: DeployableStack;
  /** The security account and the home Region. */
  readonly home: Place;
  readonly cloud: Cloud;
  readonly runtime: Runtime;
  /** What stands for the internet. */
  readonly outside: Outside;
  /** What could not be emulated, each said once. */
  readonly notes: readonly string[];
  /** What the program declared, with every value resolved. */
  readonly deployment: ProgramResult;
  /** With what Slack signs its requests to tocsin, as it is now; undefined if the settings name no such secret. */
  signingSecret(): Promise<string | undefined>;
  /**
   * Imports findings into Security Hub, as their products in the members do.
   * @param published hears the id of each event that this publishes.
   */
  importFindings(findings: readonly Asff[], published: (eventId: string) => void): Promise<void>;
  /** Ends everything; may be called again. */
  close(): Promise<void>;
}

export interface SandboxOptions {
  readonly stack: DeployableStack;
  /** Hears of each long step as it begins. */
  readonly progress: (step: string) => void;
  /** Port of the AWS API. @default any free one */
  readonly port?: number;
  /** Gets what ends the parts that run already, for whoever has to stop halfway. */
  readonly onOpened: (close: () => Promise<void>) => void;
}

/** Starts an emulated Organization and deploys the stack into it. */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { stack, progress, port } = options;
  const { organization, region } = stack.settings;
  const home: Place = { account: organization.securityAccountId, region };
  const managementAccount = organization.managementAccountId;
  const clock = new VirtualClock();
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const one of closers.splice(0).reverse()) {
      await one();
    }
  };
  options.onOpened(close);

  const notes = new Set<string>();
  let opened = false;
  try {
    progress("starting the emulated AWS Organization and the program");
    const starting = startCloud({
      now: () => clock.now(),
      // Until it runs it tells of long steps, later of what it cannot emulate.
      progress: (text) => void (opened ? notes.add(text) : progress(text)),
      port,
      securityAccount: home.account,
    }).then(async (cloud) => {
      opened = true;
      closers.push(() => cloud.close());
      const stackSets = new StackSets({ managementAccount, accountsBelow: (unit) => cloud.accountsBelow(unit) }, (text) => notes.add(text));
      cloud.handle("cloudformation", stackSetsHandler(stackSets, managementAccount));
      for (const [Name, SecretString] of plantedSecrets(stack.settings)) {
        await cloud.call(home, "secretsmanager", "CreateSecret", { Name, SecretString });
      }
      return { cloud, stackSets, provisioner: withStackSets(cloud.provisioner, stackSets, managementAccount) };
    });
    // The program takes as long to load as the emulator to start: both at once, and the first resource waits for both.
    const deploying = deploy(stack, clock.now(), starting);
    deploying.catch(() => undefined);
    const { cloud, stackSets } = await starting;
    progress(`deploying stack ${stack.name}`);
    const deployment = await deploying;
    const { resources } = deployment;
    const own = resources.filter(({ custom }) => custom).length;
    const inMembers = stackSets.resources.length;
    progress(`taking ${own} resources into operation${inMembers > 0 ? `, and ${inMembers} that StackSets made in the members` : ""}`);
    const outside = await startOutside({
      channels: stack.settings.channels,
      secret: (name) => secretValue(cloud, home, name),
      now: () => clock.now(),
      faultOf: (service, operation) => cloud.faultOf(service, operation),
      note: (text) => void notes.add(text),
    });
    closers.push(() => outside.close());
    const runtime = createRuntime({ cloud, clock, homeRegion: home.region, securityAccount: home.account, outside: outside.url });
    closers.push(() => runtime.close());
    let published: (eventId: string) => void = () => undefined;
    cloud.onSecurityHubEvent((finding) => published(runtime.securityHubEvent(finding)));
    // Members first: what is due at the same moment happens in the order of deployment, and the security account looks at what members did.
    await runtime.deploy([...stackSets.resources, ...resources]);
    cloud.onOrganizationEvents((place, events) => {
      for (const event of events) {
        runtime.serviceEvent(place, event);
      }
      clock.work(async () => runtime.deploy(await stackSets.deployAutomatically(cloud.provisioner.create)));
    });
    for (const { name, reason } of runtime.unknownAlarms) {
      notes.add(`alarm ${name} is not evaluated: ${reason}`);
    }
    for (const { name, reason } of runtime.unknownFilters) {
      notes.add(`metric filter ${name} is not evaluated: ${reason}`);
    }
    publishCalls(cloud, clock, runtime);
    const importFindings: Sandbox["importFindings"] = async (findings, listener) => {
      published = listener;
      try {
        await cloud.importFindings(findings);
      } finally {
        published = () => undefined;
      }
    };
    return {
      stack,
      home,
      cloud,
      runtime,
      outside,
      get notes() {
        return [...notes];
      },
      deployment,
      signingSecret: async () => {
        const name = stack.settings.approvals?.signingSecretName;
        return name === undefined ? undefined : secretValue(cloud, home, name);
      },
      importFindings,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A secret as it is now; undefined if it was deleted. */
async function secretValue(cloud: Cloud, place: Place, SecretId: string): Promise<string | undefined> {
  try {
    const { SecretString } = (await cloud.call(place, "secretsmanager", "GetSecretValue", { SecretId })) as { SecretString?: string };
    return SecretString?.trim();
  } catch (error) {
    if (error instanceof ServiceError) {
      return undefined;
    }
    throw error;
  }
}

/** Runs the stack's program with every resource made in the emulator. */
async function deploy(
  stack: DeployableStack,
  now: number,
  starting: Promise<{ readonly provisioner: Provisioner }>,
): Promise<ProgramResult> {
  const provisioner: Provisioner = {
    create: async (resource) => (await starting).provisioner.create(resource),
    invoke: async (token, parameters, provider) => (await starting).provisioner.invoke(token, parameters, provider),
  };
  const result = await runProgram({
    stack: stack.name,
    config: stack.config,
    dryRun: false,
    provisioner,
    environment: { TOCSIN_SANDBOX_NOW: String(now) },
    nodeArguments: ["--require", join(__dirname, "frozen-date.ts")],
  });
  if (result.exitCode !== 0) {
    throw new Error(`the program of stack ${stack.name} failed: ${result.errors.map(({ message }) => message.trim()).join("\n")}`);
  }
  return result;
}
