import type { Cause } from "../types";
import type { Ids } from "./ids";

/** Where a chain of work began. */
export interface Origin {
  readonly cause: Cause;
  /** Entries that a line put on a default bus and that the chain stems from. */
  readonly eventIds: readonly string[];
}

const ROOT = /(?:^|;)\s*Root=([^;\s]+)/;

/** The chain of work that a trace belongs to. */
export const rootOf = (trace: string): string | undefined => ROOT.exec(trace)?.[1];
const PARENT = /(?:^|;)\s*Parent=([^;\s]+)/;
/** What looks like an event's id in a text. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** The `Parent` of a trace header: the invocation or task that made a call. */
export const parentOf = (trace: string | undefined): string | undefined => (trace === undefined ? undefined : PARENT.exec(trace)?.[1]);

/**
 * Trace ids as X-Ray writes them (`Root=1-…;Parent=…;Sampled=1`). A root is made for each event, schedule or press; queues, functions, workflows and buses carry it on,
 * so that what happens far down can be led back to where it began.
 */
export class Traces {
  readonly #origins = new Map<string, Origin>();
  /** Ids of copies (and of the entries themselves) to ids of entries. */
  readonly #entries = new Map<string, string>();

  constructor(
    private readonly ids: Ids,
    private readonly now: () => number,
  ) {}

  /** A new chain. Answers its trace id. */
  begin(cause: Cause, eventIds: readonly string[] = []): string {
    const seconds = Math.floor(this.now() / 1000)
      .toString(16)
      .padStart(8, "0");
    const root = `1-${seconds}-${this.ids.hex(24)}`;
    this.#origins.set(root, { cause, eventIds });
    return `Root=${root};Parent=${this.ids.hex(16)};Sampled=1`;
  }

  /** The same chain under a new parent segment: one for each invocation, execution and task. */
  child(trace: string): string {
    const root = ROOT.exec(trace)?.[1];
    return root === undefined ? this.begin("event") : `Root=${root};Parent=${this.ids.hex(16)};Sampled=1`;
  }

  /** One chain for work on several messages at once: the common one if they share it, else one that stems from all. */
  join(traces: readonly (string | undefined)[]): string {
    const known = traces.filter((trace): trace is string => trace !== undefined);
    const first = known[0];
    if (first !== undefined && known.length === traces.length && known.every((trace) => ROOT.exec(trace)?.[1] === ROOT.exec(first)?.[1])) {
      return this.child(first);
    }
    const origins = known.map((trace) => this.originOf(trace));
    const cause = (["event", "person", "timer"] as const).find((one) => origins.some((origin) => origin.cause === one));
    return this.begin(cause ?? "event", [...new Set(origins.flatMap(({ eventIds }) => eventIds))]);
  }

  /** What waited goes on: because of whoever answered, or because time is up, and still on behalf of what it stems from. */
  resumed(trace: string, by: string | "timer" | undefined): string {
    if (by === undefined) {
      return trace;
    }
    const { cause, eventIds }: Origin = by === "timer" ? { cause: "timer", eventIds: [] } : this.originOf(by);
    return this.begin(cause, [...new Set([...this.originOf(trace).eventIds, ...eventIds])]);
  }

  originOf(trace: string | undefined): Origin {
    const root = trace === undefined ? undefined : ROOT.exec(trace)?.[1];
    return (root === undefined ? undefined : this.#origins.get(root)) ?? { cause: "event", eventIds: [] };
  }

  /** Remembers an entry, or a copy of it under an id of its own. */
  entry(id: string, entry: string = id): void {
    this.#entries.set(id, entry);
  }

  /** Id of the entry that an event is (a copy of), or the id itself if it is unknown. */
  entryOf(id: string): string {
    return this.#entries.get(id) ?? id;
  }

  /** Entries that a message stems from: those its text names, else all of its chain. A batch's chain stems from all of its messages, the text of one names its own. */
  entriesOf(trace: string | undefined, text: string): readonly string[] {
    const all = this.originOf(trace).eventIds;
    if (all.length <= 1) {
      return all;
    }
    const named = [...text.matchAll(UUID)].map(([id]) => this.entryOf(id.toLowerCase())).filter((id) => all.includes(id));
    return named.length === 0 ? all : [...new Set(named)];
  }
}
