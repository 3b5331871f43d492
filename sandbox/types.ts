/** The seams between the sandbox's parts: engine (runs the program), cloud (answers API calls), runtime (makes things happen in time) and replay (drives it all). */

/** Account and Region that a resource lives in. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** A resource input or output that is a file archive: file paths to contents. */
export interface ArchiveValue {
  readonly kind: "archive";
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** A resource as the program registered it, and as the provisioner answered. */
export interface GraphResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent?: string;
  readonly custom: boolean;
  readonly provider?: Place;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Inputs overlaid with what the provisioner answered; component outputs for components. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
}

/** Creates what the program declares and answers its invokes. */
export interface Provisioner {
  /** Creates a custom resource. `outputs` are added to the inputs (`arn`, `name`, `url`, …). */
  create(resource: {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly inputs: Readonly<Record<string, unknown>>;
    readonly provider?: Place;
  }): Promise<{ id: string; outputs: Record<string, unknown> }>;
  /** Answers a provider function such as `aws:index/getCallerIdentity:getCallerIdentity`. */
  invoke(token: string, args: Readonly<Record<string, unknown>>, provider?: Place): Promise<Record<string, unknown>>;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** One API call as the gateway understood it. */
export interface ServiceCall extends Place {
  /** Signing name, for example `dynamodb`, `ses`, `states`, `sqs`, `lambda`, `events`, `securityhub`. */
  readonly service: string;
  readonly operation: string;
  /** ARN of the calling role, or `arn:aws:iam::<account>:root` for the sandbox itself. */
  readonly principal: string;
  /** Body parsed as JSON where the protocol is JSON; path and query parameters merged in for REST-JSON. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Name of the role's session, and the access key that it calls with. */
  readonly sessionName?: string;
  readonly accessKeyId?: string;
  /** Value of X-Amzn-Trace-Id: ties the call to the invocation or execution that made it. */
  readonly trace?: string;
}

export interface ServiceAnswer {
  /** HTTP status, 200 by default. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body: unknown;
}

/** Takes over the calls of one service; `undefined` leaves the call to the emulator. Throw `ServiceError` to refuse it. */
export type ServiceHandler = (call: ServiceCall) => Promise<ServiceAnswer | undefined>;

/** An error that AWS would answer. */
export class ServiceError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = code;
  }
}

/** The error of a fault. */
export class FaultError extends ServiceError {
  /** @param retryAfter whole seconds after which it is over, as far as that is known; what is told with status 429. */
  constructor(
    code: string,
    status: number,
    readonly retryAfter: number,
  ) {
    super(code, `${code} (a fault of the sandbox)`, status);
  }
}

/** A call that was answered (or refused, or failed by a fault). */
export interface ObservedCall {
  readonly call: ServiceCall;
  readonly status: number;
  /** Parsed answer where it is JSON. */
  readonly answer: unknown;
}

/** A fault of a replay line. */
export interface Fault {
  readonly service: string;
  readonly operation?: string;
  readonly error: string;
  readonly status: number;
  /** How many calls fail; 0 clears the faults of this service and operation. */
  readonly times?: number;
  /** Until when calls fail (virtual time, milliseconds since the epoch). */
  readonly until?: number;
}

/** A refusal for want of permission. */
export interface Denied {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
}

/** A finding as Security Hub keeps it (ASFF), loosely typed: the emulator keeps what it is given. */
export type Asff = Record<string, unknown>;

/** An event as EventBridge carries it. */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The AWS API of the emulated Organization. */
export interface Cloud {
  /** URL of the gateway: what the functions get as AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  readonly provisioner: Provisioner;
  /** Credentials with which calls count as made by the role. @param sessionName what CloudTrail calls the session. */
  credentialsFor(roleArn: string, sessionName?: string): Promise<Credentials>;
  /** Lets the runtime take over a service. */
  handle(service: string, handler: ServiceHandler): void;
  /** Calls the listener after each call of a function or state machine. */
  observe(listener: (observed: ObservedCall) => void): void;
  /** Decides by the role's (or account's) identity policies, the resource policy if given, and session context; records a refusal. */
  authorize(request: {
    readonly principal: string;
    readonly action: string;
    readonly resource: string;
    readonly context?: Readonly<Record<string, string | readonly string[]>>;
    readonly resourcePolicy?: unknown;
  }): Promise<boolean>;
  /** Any SDK call by the sandbox itself: no faults, no permissions, not counted. Throws ServiceError. */
  call(place: Place, service: string, operation: string, input: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** BatchImportFindings by the products of the members; emits events through `onSecurityHubEvent`. */
  importFindings(findings: readonly Asff[]): Promise<void>;
  /** Where the Security Hub emulation publishes: `home` says which accounts' buses get it is the runtime's business. */
  onSecurityHubEvent(listener: (finding: Asff) => void): void;
  /** Accounts at or below an organizational unit or the root. */
  accountsBelow(unit: string): readonly { readonly id: string; readonly status: string }[];
  /** Where AWS Organizations publishes: events for the management account's bus in a place that the listener is told, after each change of the Organization. */
  onOrganizationEvents(listener: (place: Place, events: readonly Readonly<Record<string, unknown>>[]) => void): void;
  fault(fault: Fault): void;
  /** The fault that a call of a service outside AWS runs into, if it does; uses up one time. */
  faultOf(service: string, operation: string | undefined): FaultError | undefined;
  /** Credentials of the sandbox itself in an account, for whoever wants to look around: not counted, never failed, never refused. */
  operatorCredentials(account: string): Credentials;
  /** Notes down a refusal that no policy explains, such as an `aws.*` source in PutEvents. */
  deny(denied: Denied): void;
  readonly denied: readonly Denied[];
  /** Permissions of roles that no call has used so far: `principal`, `action`. */
  unusedPermissions(): { principal: string; action: string }[];
  /** Calls by `service:Operation`. */
  readonly counters: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** Why something happens: the line's event, a timer, or a person. */
export type Cause = "event" | "timer" | "person";

/** What the runtime tells whoever writes the report. */
export interface RuntimeListener {
  /** An event matched a rule of a bus. `eventId` is the id of the entry that a line put on a default bus, also for its copies. */
  matched?(eventId: string, rule: string): void;
  /** A line that a function wrote to its log. */
  log?(line: { readonly function: string; readonly text: string; readonly trace: string; readonly at: number }): void;
  /** A message came to rest in a dead-letter queue. `eventIds` are the entries it stems from. */
  deadLetter?(letter: {
    readonly queue: string;
    readonly error: string;
    readonly body: string;
    readonly eventIds: readonly string[];
  }): void;
  /** A state machine's execution ended. */
  execution?(execution: { readonly machine: string; readonly status: string; readonly path: readonly string[] }): void;
}

/** An HTTP request from the internet. */
export interface UrlRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface UrlAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Makes things happen in (virtual) time. */
export interface Runtime {
  /** Virtual time now, milliseconds since the epoch. */
  now(): number;
  /** Takes the recorded graph into operation: rules, queues, functions, machines, schedules, alarms. May be called again with what is added later. */
  deploy(resources: readonly GraphResource[]): Promise<void>;
  /** An AWS service's event on the account's default bus (stamped, and doubled to the administrator as AWS does). Answers the entry's id. */
  serviceEvent(place: Place, event: Readonly<Record<string, unknown>>): string;
  /** A request to a function URL. Answers what the caller gets, and the trace of what the request sets going. Throws ServiceError for a host that is no function URL. */
  requestUrl(request: UrlRequest, cause: Cause): { readonly answer: Promise<UrlAnswer>; readonly trace: string };
  /** The function URLs of the deployment. */
  readonly functionUrls: readonly string[];
  /** What Security Hub publishes for a finding. Answers the entry's id. */
  securityHubEvent(finding: Asff): string;
  /** PutEvents by a principal of the account on `default` or on the central bus. Answers the ids of the entries that a default bus accepted. */
  putEvents(place: Place, bus: "default" | "central", entries: readonly Readonly<Record<string, unknown>>[]): Promise<string[]>;
  /** Id of the entry that an event with this id is (a copy of). */
  entryOf(eventId: string): string;
  /** Resolves when nothing is left to do at this moment. */
  quiet(): Promise<void>;
  /** Runs on through what is due within 15 minutes (DESIGN §6), then stands still. */
  settle(): Promise<void>;
  /** Moves the clock to a time, firing everything due in between in order. */
  advanceTo(time: number): Promise<void>;
  /**
   * Runs the schedules with a short name now: first those that put events, as members do, and when what came of it is over, those that start functions and
   * may look at it. Throws ServiceError for an unknown one.
   */
  runSchedule(shortName: string): Promise<void>;
  /** Short names of the deployed schedules, each once. */
  readonly schedules: readonly string[];
  listen(listener: RuntimeListener): void;
  /** Which cause a trace id goes back to. */
  causeOf(trace: string | undefined): Cause;
  /** Names of the alarms that are in ALARM now. */
  alarms(): string[];
  /** Alarms that cannot be evaluated here, with the reason. */
  readonly unknownAlarms: readonly { readonly name: string; readonly reason: string }[];
  /** Metric filters whose patterns cannot be evaluated here, with the reason. */
  readonly unknownFilters: readonly { readonly name: string; readonly reason: string }[];
  readonly counters: {
    readonly lambda: { invocations: number; milliseconds: number };
    readonly states: { express: number; standardTransitions: number };
    sqs: number;
    bus: number;
  };
  close(): Promise<void>;
}
