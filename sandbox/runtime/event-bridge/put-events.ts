import { type Place, type ServiceAnswer, type ServiceCall, ServiceError } from "../../types";
import { parseArn } from "../arn";
import type { Core } from "../core";
import { isRecord } from "../graph";
import type { EventBuses } from "./buses";
import { busArn } from "./rules";

/** Largest request, in bytes: 1 MB since January 2026, https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const REQUEST_LIMIT = 1024 * 1024;

type Entry = Readonly<Record<string, unknown>>;

interface Caller {
  readonly place: Place;
  readonly principal: string;
  /** Trace of the call; each entry begins a chain of its own if there is none. */
  readonly trace?: string;
}

interface Result {
  readonly EventId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

const fail = (ErrorCode: string, ErrorMessage: string): Result => ({ ErrorCode, ErrorMessage });

/** PutEvents: events by others than AWS's own services. */
export class PutEvents {
  constructor(
    private readonly core: Core,
    private readonly buses: EventBuses,
  ) {}

  /** PutEvents by a function or a state machine; other operations are not ours. */
  async answer(call: ServiceCall): Promise<ServiceAnswer | undefined> {
    if (call.operation !== "PutEvents") {
      return undefined;
    }
    const entries = Array.isArray(call.input.Entries) ? call.input.Entries.filter(isRecord) : [];
    const results = await this.put(
      { place: call, principal: call.principal, ...(call.trace !== undefined && { trace: call.trace }) },
      entries,
    );
    return { body: { FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries: results } };
  }

  /** Puts entries one by one; each is accepted or refused by itself. */
  async put(caller: Caller, entries: readonly Entry[]): Promise<readonly Result[]> {
    if (entries.length < 1 || entries.length > 10) {
      throw new ServiceError("ValidationException", `PutEvents takes 1 to 10 entries, not ${entries.length}.`);
    }
    if (Buffer.byteLength(JSON.stringify(entries)) > REQUEST_LIMIT) {
      throw new ServiceError(
        "ValidationException",
        `Total size of the entries in the request is over the limit of ${REQUEST_LIMIT} bytes.`,
        413,
      );
    }
    const results: Result[] = [];
    for (const entry of entries) {
      results.push(await this.#put(caller, entry));
    }
    return results;
  }

  async #put({ place, principal, trace }: Caller, entry: Entry): Promise<Result> {
    const arn = busArn(place, typeof entry.EventBusName === "string" ? entry.EventBusName : undefined);
    const { Source, DetailType, Detail } = entry;
    if (typeof Source !== "string" || typeof DetailType !== "string" || typeof Detail !== "string") {
      return fail("InvalidArgument", "Parameter Source, DetailType or Detail is not valid. Reason: it is a required argument.");
    }
    const detail = parse(Detail);
    if (!isRecord(detail)) {
      return fail("MalformedDetail", "Detail is malformed.");
    }
    if (!this.buses.exists(arn)) {
      return fail("ResourceNotFoundException", `Event bus ${arn} does not exist.`);
    }
    if (/^aws\./i.test(Source)) {
      this.core.permissions.refused({ principal, action: "events:PutEvents", resource: arn });
      return fail("NotAuthorizedForSourceException", "Not authorized for the source.");
    }
    const resourcePolicy = this.buses.policyOf(arn);
    const allowed = await this.core.permissions.allows({
      principal,
      action: "events:PutEvents",
      resource: arn,
      context: { "events:source": Source, "events:detail-type": DetailType },
      ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
    });
    if (!allowed) {
      return fail("AccessDeniedException", `${principal} is not authorized to perform events:PutEvents on ${arn}.`);
    }
    const event = {
      version: "0",
      id: this.core.ids.uuid(),
      "detail-type": DetailType,
      source: Source,
      account: place.account,
      time: `${new Date(typeof entry.Time === "number" ? entry.Time * 1000 : this.core.clock.now()).toISOString().slice(0, 19)}Z`,
      region: parseArn(arn)?.region ?? place.region,
      resources: Array.isArray(entry.Resources) ? entry.Resources.map(String) : [],
      detail,
    } as const;
    this.core.traces.entry(event.id);
    this.buses.bill(event);
    const given = typeof entry.TraceHeader === "string" ? entry.TraceHeader : trace;
    this.buses.route(arn, event, { trace: given ?? this.core.traces.begin("event", [event.id]), forwarded: false });
    return { EventId: event.id };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
