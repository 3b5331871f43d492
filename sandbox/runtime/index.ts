import type { BusEvent, Cause, Cloud, GraphResource, Place, Runtime, RuntimeListener } from "../types";
import { Alarms } from "./alarms";
import { Callers } from "./callers";
import type { VirtualClock } from "./clock";
import type { Core } from "./core";
import { EventBuses } from "./event-bridge/buses";
import { PutEvents } from "./event-bridge/put-events";
import { busArn } from "./event-bridge/rules";
import { RulesApi } from "./event-bridge/rules-api";
import { copiesOf, importedEvent, stamp } from "./event-bridge/service-events";
import { Targets } from "./event-bridge/targets";
import { Graph } from "./graph";
import { Ids } from "./ids";
import { LambdaApi } from "./lambda/api";
import { AsynchronousInvocations } from "./lambda/asynchronous";
import { EventSource } from "./lambda/event-source";
import { FunctionUrls } from "./lambda/function-urls";
import { Functions } from "./lambda/functions";
import { LogMetrics } from "./log-metrics";
import { Metrics } from "./metrics";
import { Permissions } from "./permissions";
import { Scheduler } from "./scheduler";
import { SnsApi } from "./sns/api";
import { SqsApi } from "./sqs/api";
import { Queues } from "./sqs/queues";
import { StatesApi } from "./step-functions/api";
import { Machines } from "./step-functions/machines";
import { Traces } from "./traces";

export interface RuntimeOptions {
  readonly cloud: Cloud;
  readonly clock: VirtualClock;
  readonly homeRegion: string;
  /** Account id of the delegated administrator. */
  readonly securityAccount: string;
  /** URL of what stands for the internet. Default: an address where nobody listens. */
  readonly outside?: string;
}

/** The port "discard" of this machine: connections are refused. */
const NOWHERE = "http://127.0.0.1:9";

/** Makes the recorded resources work in virtual time, on the emulated cloud. */
export function createRuntime(options: RuntimeOptions): Runtime {
  const { cloud, clock, homeRegion, securityAccount, outside = NOWHERE } = options;
  const home: Place = { account: securityAccount, region: homeRegion };
  const listeners: RuntimeListener[] = [];
  const ids = new Ids();
  const traces = new Traces(ids, () => clock.now());
  const metrics = new Metrics(() => clock.now(), home);
  const logMetrics = new LogMetrics(metrics);
  const core: Core = {
    cloud,
    clock,
    ids,
    traces,
    metrics,
    logMetrics,
    permissions: new Permissions(cloud),
    callers: new Callers(),
    outside,
    home,
    tell: tellAll(listeners),
  };

  const queues = new Queues(core);
  const functions = new Functions(core);
  const urls = new FunctionUrls(core, functions);
  const asynchronous = new AsynchronousInvocations(core, queues);
  const machines = new Machines(core);
  const targets = new Targets(core, { queues, functions, asynchronous, machines, buses: () => buses });
  const buses: EventBuses = new EventBuses(core, (...delivery) => targets.deliver(...delivery));
  const putEvents = new PutEvents(core, buses);
  const scheduler = new Scheduler(core, { functions, asynchronous, machines, queues, putEvents, buses });
  const alarms = new Alarms(metrics, clock.now());

  const sqsApi = new SqsApi(core, queues);
  const snsApi = new SnsApi(core, queues);
  const lambdaApi = new LambdaApi(core, functions, asynchronous);
  const statesApi = new StatesApi(core, machines);
  cloud.handle("sqs", (call) => sqsApi.answer(call));
  cloud.handle("sns", (call) => snsApi.answer(call));
  cloud.handle("lambda", (call) => lambdaApi.answer(call));
  cloud.handle("states", (call) => statesApi.answer(call));
  const rulesApi = new RulesApi(buses);
  cloud.handle("events", async (call) => (await putEvents.answer(call)) ?? rulesApi.answer(call));

  const publish = (place: Place, event: BusEvent): string => {
    traces.entry(event.id);
    const trace = traces.begin("event", [event.id]);
    if (event["detail-type"].endsWith("via CloudTrail")) {
      logMetrics.call(place, event.detail);
    }
    for (const placed of [{ place, event }, ...copiesOf({ place, event }, home, ids)]) {
      traces.entry(placed.event.id, event.id);
      buses.route(busArn(placed.place), placed.event, { trace, forwarded: false });
    }
    return event.id;
  };

  return {
    now: () => clock.now(),
    async deploy(resources: readonly GraphResource[]) {
      const graph = new Graph(resources, home);
      queues.deploy(graph);
      snsApi.deploy(graph);
      logMetrics.deploy(graph);
      functions.deploy(graph);
      urls.deploy(graph);
      asynchronous.deploy(graph);
      machines.deploy(graph);
      const rules = buses.deploy(graph);
      targets.deploy(graph, rules);
      scheduler.deploy(graph, rules);
      alarms.deploy(graph);
      for (const recorded of graph.of("aws:lambda/eventSourceMapping")) {
        const queue = queues.byArn(recorded.text("eventSourceArn"));
        if (queue === undefined) {
          throw new Error(
            `${recorded.resource.urn}: the sandbox reads from recorded queues only, not from ${recorded.text("eventSourceArn")}`,
          );
        }
        new EventSource(core, recorded, functions.get(recorded.text("functionName")), queue, queues);
      }
    },
    serviceEvent: (place, event) => publish(place, stamp(place, event, ids, clock.now())),
    requestUrl: (request, cause) => urls.request(request, cause),
    get functionUrls() {
      return urls.all;
    },
    securityHubEvent(finding) {
      const { place, event } = importedEvent(finding, home);
      return publish(place, stamp(place, event, ids, clock.now()));
    },
    async putEvents(place, bus, entries) {
      const central = bus === "central" ? buses.central(home) : undefined;
      if (bus === "central" && central === undefined) {
        throw new Error("the deployment has no central bus");
      }
      const principal = `arn:aws:iam::${place.account}:root`;
      const addressed = entries.map((entry) => (central === undefined ? entry : { ...entry, EventBusName: central }));
      const texts = addressed.map((entry) => ({
        ...entry,
        Detail: typeof entry.Detail === "string" ? entry.Detail : JSON.stringify(entry.Detail),
      }));
      const results = await putEvents.put({ place, principal }, texts);
      return central === undefined ? results.flatMap(({ EventId }) => EventId ?? []) : [];
    },
    entryOf: (eventId) => traces.entryOf(eventId),
    quiet: () => clock.quiet(),
    settle: () => clock.settle(),
    advanceTo: (time) => clock.advanceTo(time),
    runSchedule: (shortName) => scheduler.run(shortName),
    get schedules() {
      return scheduler.shortNames;
    },
    listen(listener) {
      listeners.push(listener);
    },
    causeOf: (trace): Cause => traces.originOf(trace).cause,
    alarms: () => alarms.ringing(clock.now()),
    get unknownAlarms() {
      return alarms.unknown;
    },
    get unknownFilters() {
      return logMetrics.unknown;
    },
    counters: {
      lambda: functions.counters,
      get states() {
        return machines.counters;
      },
      get sqs() {
        return queues.requests;
      },
      get bus() {
        return buses.billed;
      },
    },
    async close() {
      clock.clear();
      await machines.close();
      await functions.close();
    },
  };
}

/** A listener that passes everything on to all listeners. */
function tellAll(listeners: readonly RuntimeListener[]): Required<RuntimeListener> {
  const each = (tell: (listener: RuntimeListener) => void): void => listeners.forEach(tell);
  return {
    matched: (eventId, rule) => each((listener) => listener.matched?.(eventId, rule)),
    log: (line) => each((listener) => listener.log?.(line)),
    deadLetter: (letter) => each((listener) => listener.deadLetter?.(letter)),
    execution: (execution) => each((listener) => listener.execution?.(execution)),
  };
}
