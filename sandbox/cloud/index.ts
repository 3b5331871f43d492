import type { Cloud, ServiceCall } from "../types";
import { ServiceError } from "../types";
import { type AskEc2, askEc2, list, text, values } from "./ec2-emulator";
import { ec2Pages } from "./ec2-pages";
import { SecurityGroupRules } from "./ec2-rules";
import { Emulator } from "./emulator";
import { Faults } from "./faults";
import { Gateway } from "./gateway";
import { Iam } from "./iam";
import type { Known } from "./iam-actions";
import { startMoto } from "./moto";
import { ORGANIZATIONS_REGION } from "./organization-events";
import { MANAGEMENT, Organization, organizationsHandler } from "./organizations";
import { partiQlHandler } from "./partiql";
import { createProvisioner } from "./provision";
import { SdkCaller } from "./sdk";
import { SecurityHub, securityHubHandler } from "./securityhub";
import { Sessions } from "./sessions";
import { stsHandler } from "./sts";

export interface CloudOptions {
  /** Virtual time, milliseconds since the epoch. */
  readonly now: () => number;
  /** Hears of long steps, and of what cannot be emulated. @default nobody */
  readonly progress?: ((text: string) => void) | undefined;
  /** Port of the gateway. @default a free one */
  readonly port?: number | undefined;
  /** Delegated administrator of Security Hub and reader of the Organization. @default "222222222222" */
  readonly securityAccount?: string | undefined;
}

/** What calls have told about resources whose names do not give their ARNs, and what EC2 knows of its own. */
class Learned implements Known {
  constructor(
    private readonly ask: AskEc2,
    private readonly rules: SecurityGroupRules,
  ) {}

  readonly #secrets = new Map<string, string>();
  readonly #identities = new Set<string>();

  learn(call: ServiceCall, answer: unknown): void {
    const place = `${call.account} ${call.region}`;
    if (call.service === "secretsmanager" && call.operation === "CreateSecret")
      this.#secrets.set(`${place} ${call.input.Name}`, String((answer as { ARN?: string }).ARN));
    if (call.service === "ses" && call.operation === "CreateEmailIdentity")
      this.#identities.add(`${place} ${String(call.input.EmailIdentity).toLowerCase()}`);
  }

  secretArn(call: ServiceCall, name: string): string {
    const { account, region } = call;
    return this.#secrets.get(`${account} ${region} ${name}`) ?? `arn:aws:secretsmanager:${region}:${account}:secret:${name}-000000`;
  }

  async tagsOf(call: ServiceCall, id: string): Promise<Readonly<Record<string, string>>> {
    if (id.startsWith("sgr-")) return this.rules.tagsOf(call, id);
    const { tagSet } = await this.ask(call, "DescribeTags", { Filter: [{ Name: "resource-id", Value: [id] }] });
    return Object.fromEntries(
      list(tagSet)
        .map(values)
        .map(({ key, value }) => [text(key), text(value)]),
    );
  }

  senderIdentity({ account, region }: ServiceCall, address: string): string {
    const exact = this.#identities.has(`${account} ${region} ${address.toLowerCase()}`);
    return exact ? address : (address.split("@").at(-1) ?? address);
  }
}

/** Starts the AWS API of the emulated Organization: moto, and the gateway in front of it. */
export async function startCloud({ now, progress = () => {}, port, securityAccount = "222222222222" }: CloudOptions): Promise<Cloud> {
  const moto = await startMoto(progress);
  try {
    const sessions = new Sessions();
    const faults = new Faults(now);
    const iam = new Iam(progress);
    const organization = new Organization(now);
    const hub = new SecurityHub(now, progress);
    const emulator = new Emulator(moto.endpoint);
    const ask = askEc2(emulator);
    const rules = new SecurityGroupRules(ask);
    const learned = new Learned(ask, rules);
    const learn: Learned["learn"] = (call, answer) => learned.learn(call, answer);
    const gateway = new Gateway({ now, sessions, faults, iam, emulator, known: learned, progress, learn });
    gateway.handle("organizations", organizationsHandler(organization, securityAccount));
    gateway.handle("securityhub", securityHubHandler(hub, securityAccount));
    gateway.handle("sts", stsHandler(sessions, iam, now));
    gateway.handle("ec2", ec2Pages(ask));
    gateway.handle("ec2", rules.handler);
    const endpoint = await gateway.listen(port);
    const sdk = new SdkCaller(endpoint, (account) => sessions.ofOperator(account));
    const call: Cloud["call"] = (place, service, operation, input) => sdk.call(place, service, operation, input);
    gateway.handle("dynamodb", partiQlHandler(call));

    return {
      endpoint,
      provisioner: createProvisioner({ endpoint, call, iam, organization, progress }),
      credentialsFor: async (roleArn, sessionName) => sessions.ofRole(roleArn, sessionName),
      deny: (denied) => void iam.denied.push(denied),
      operatorCredentials: (account) => sessions.ofOperator(account),
      handle: (service, handler) => gateway.handle(service, handler),
      observe: (listener) => gateway.observe(listener),
      authorize: (request) => iam.authorize(request),
      call,
      async importFindings(findings) {
        const failures = hub.import(findings, false);
        if (failures.length > 0)
          throw new ServiceError(
            "InvalidInputException",
            failures.map(({ Id, ErrorMessage }) => `finding "${Id}": ${ErrorMessage}`).join("; "),
          );
      },
      onSecurityHubEvent: (listener) => hub.onEvent(listener),
      accountsBelow: (unit) => organization.accountsBelow(unit),
      onOrganizationEvents: (listener) =>
        organization.onChange((events) => listener({ account: MANAGEMENT, region: ORGANIZATIONS_REGION }, events)),
      fault: (fault) => faults.add(fault),
      faultOf: (service, operation) => faults.take(service, operation),
      denied: iam.denied,
      unusedPermissions: () => iam.unusedPermissions(),
      counters: gateway.counters,
      async close() {
        sdk.close();
        await gateway.close();
        await moto.close();
      },
    };
  } catch (error) {
    await moto.close();
    throw error;
  }
}
