import type { Cause, RuntimeListener } from "../types";
import { type ClosedLine, type DecisionLine, type DeliveryLine, parseLogLine } from "./log-lines";
import type { Message } from "./message";
import type { DeadLetterEntry, DeliveryEntry, EventEntry, ExecutionEntry } from "./report";

/** An attachment's place beside the report, once it is written. */
export type SaveAttachment = (delivery: number, name: string, content: Uint8Array) => string;

interface Entry {
  readonly line: number;
  readonly id: string;
  readonly matched: Set<string>;
  decided?: DecisionLine;
  deadLetter?: string;
  /** The line is over and a decision stands: what happens later does not change it. */
  settled: boolean;
}

interface Sent {
  readonly at: number;
  readonly cause: Cause;
  readonly message: Message;
}

/** Writes down, line by line, what happens in the sandbox, and tells it as the report does. Knows nothing of how things happen. */
export class Journal implements RuntimeListener {
  readonly #entries: Entry[] = [];
  readonly #sent: Sent[] = [];
  readonly #deliveryLines = new Map<string, DeliveryLine>();
  readonly #deadLetters: DeadLetterEntry[] = [];
  readonly #executions: ExecutionEntry[] = [];
  readonly #closed: ClosedLine[] = [];
  /** Rules that events matched while they were put on the bus, before whoever put them there learned their ids. */
  readonly #fresh = new Map<string, Set<string>>();
  #line = 0;

  /** @param entryOf leads an event's id, or that of a copy, to the id of the entry. */
  constructor(private readonly entryOf: (eventId: string) => string = (id) => id) {}

  /** A line starts. */
  begin(line: number): void {
    this.#line = line;
    this.#fresh.clear();
  }

  /** An event was put on a default bus by the current line. */
  entry(id: string): void {
    this.#entries.push({ line: this.#line, id, matched: new Set(this.#fresh.get(id)), settled: false });
    this.#fresh.delete(id);
  }

  /** The line is over: its decisions stand. What matched but is still undecided may be decided later. */
  end(): void {
    for (const entry of this.#entries) {
      entry.settled ||= entry.decided !== undefined || entry.deadLetter !== undefined || entry.matched.size === 0;
    }
  }

  /** Entries that something can still happen to. A line's author may use an event's id again, so that several bear it. */
  #open(eventId: string): Entry[] {
    const id = this.entryOf(eventId);
    return this.#entries.filter((entry) => entry.id === id && !entry.settled);
  }

  matched(eventId: string, rule: string): void {
    const id = this.entryOf(eventId);
    this.#fresh.set(id, (this.#fresh.get(id) ?? new Set()).add(rule));
    for (const entry of this.#open(eventId)) {
      entry.matched.add(rule);
    }
  }

  log({ text }: { readonly text: string }): void {
    const line = parseLogLine(text);
    if (line?.kind === "delivery") {
      this.#deliveryLines.set(line.messageId, line);
    } else if (line?.kind === "decision") {
      this.#decided(line);
    } else if (line?.kind === "closed") {
      this.#closed.push(line);
    }
  }

  /** Of several copies of an event one may be told and the others are quiet: the event was told. */
  #decided(line: DecisionLine): void {
    const open = this.#open(line.event);
    const entry = open.find(({ decided }) => decided === undefined) ?? open.find(({ decided }) => decided?.decision === "quiet");
    if (entry && (entry.decided === undefined || line.decision === "notify")) {
      entry.decided = line;
    }
  }

  deadLetter(letter: { readonly queue: string; readonly error: string; readonly eventIds: readonly string[] }): void {
    const ids = letter.eventIds.map((id) => this.entryOf(id));
    const stemsFrom = this.#entries.findLast(({ id }) => ids.includes(id));
    this.#deadLetters.push({ queue: letter.queue, line: stemsFrom?.line ?? this.#line, error: letter.error });
    for (const entry of ids.flatMap((id) => this.#open(id))) {
      entry.deadLetter ??= letter.error;
    }
  }

  execution(execution: ExecutionEntry): void {
    this.#executions.push({ machine: execution.machine, status: execution.status, path: [...execution.path] });
  }

  /** A message was accepted by the service that carries it. */
  sent(at: number, cause: Cause, message: Message): void {
    this.#sent.push({ at, cause, message });
  }

  get events(): EventEntry[] {
    const told = new Set([...this.#deliveryLines.values()].map(({ episode }) => episode));
    return this.#entries.map((entry) => ({
      line: entry.line,
      id: entry.id,
      matched: [...entry.matched],
      ...outcome(entry, told),
    }));
  }

  get deadLetters(): readonly DeadLetterEntry[] {
    return this.#deadLetters;
  }

  get executions(): readonly ExecutionEntry[] {
    return this.#executions;
  }

  /** Episodes that reconcile closed. Not in the report, but people want to see it. */
  get closed(): readonly ClosedLine[] {
    return this.#closed;
  }

  /** @param save where attachments go; without it they are left out. */
  deliveries(save?: SaveAttachment): DeliveryEntry[] {
    return this.#sent.map(({ at, cause, message }, index) => {
      const line = this.#deliveryLines.get(message.messageId);
      const attachments = save && message.attachments.map(({ name, content }) => ({ name, file: save(index, name, content) }));
      return {
        at: new Date(at).toISOString(),
        cause,
        channel: line?.channel ?? null,
        kind: message.kind,
        reason: line?.reason ?? null,
        episode: line?.episode ?? null,
        findingIds: line?.findingIds ?? [],
        origin: line?.origin ?? null,
        severity: line?.severity ?? null,
        accountId: line?.accountId ?? null,
        accountName: line?.accountName ?? null,
        region: line?.region ?? null,
        resource: line?.resource ?? null,
        title: line?.title ?? null,
        payload: message.payload,
        ...(attachments?.length && { attachments }),
      };
    });
  }
}

/**
 * An event whose message came to rest in a dead-letter queue is `dead-lettered`, unless it had been decided to tell and people were told
 * (of several channels one may have failed for good: the queue is listed, the decision stands).
 */
function outcome(entry: Entry, told: ReadonlySet<string | null | undefined>): Pick<EventEntry, "decision" | "reason" | "episode"> {
  const { decided, deadLetter } = entry;
  const episode = decided?.episode ?? null;
  if (deadLetter !== undefined && !(decided?.decision === "notify" && told.has(decided.episode))) {
    return { decision: "dead-lettered", reason: deadLetter, episode };
  }
  if (decided) {
    return { decision: decided.decision, reason: decided.reason, episode };
  }
  return entry.matched.size === 0
    ? { decision: "ignored", reason: null, episode: null }
    : { decision: "quiet", reason: "undecided", episode: null };
}
