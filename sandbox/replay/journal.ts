import type { Taken } from "../outside/service";
import type { Cause, RuntimeListener } from "../types";
import { Lines } from "./delivery-lines";
import { type ClosedLine, type DecisionLine, parseLogLine } from "./log-lines";
import type { Message, StoredObject } from "./message";
import type { DeadLetterEntry, DeliveryEntry, EventEntry, ExecutionEntry, ObjectEntry } from "./report";

/** Writes files beside the report; each answers the file's path relative to it. */
export interface SaveBeside {
  attachment(delivery: number, name: string, content: Uint8Array): string;
  object(object: StoredObject): string;
}

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
  /** Slack's: names of reactions to it, and what it was changed to. */
  readonly reactions: string[];
  readonly updates: Readonly<Record<string, unknown>>[];
}

/** A delivered message and all that it showed over time. */
export interface ShownMessage extends Pick<Message, "kind" | "messageId"> {
  readonly versions: readonly Readonly<Record<string, unknown>>[];
}

/** Writes down, line by line, what happens in the sandbox, and tells it as the report does. Knows nothing of how things happen. */
export class Journal implements RuntimeListener {
  readonly #entries: Entry[] = [];
  /** The same by id. A line's author may use an event's id again, so that several bear it. */
  readonly #byId = new Map<string, Entry[]>();
  readonly #sent: Sent[] = [];
  readonly #lines = new Lines();
  /** By account, bucket and key: a later one replaces an earlier one. */
  readonly #objects = new Map<string, StoredObject>();
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
    const entry: Entry = { line: this.#line, id, matched: new Set(this.#fresh.get(id)), settled: false };
    this.#entries.push(entry);
    this.#byId.set(id, [...(this.#byId.get(id) ?? []), entry]);
    this.#fresh.delete(id);
  }

  /** The line is over: its decisions stand. What matched but is still undecided may be decided later. */
  end(): void {
    for (const entry of this.#entries) {
      entry.settled ||= entry.decided !== undefined || entry.deadLetter !== undefined || entry.matched.size === 0;
    }
  }

  /** Entries that something can still happen to. */
  #open(eventId: string): Entry[] {
    return (this.#byId.get(this.entryOf(eventId)) ?? []).filter(({ settled }) => !settled);
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
    if (line?.kind === "delivery" || line?.kind === "storm") {
      this.#lines.add(line);
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
    this.#sent.push({ at, cause, message, reactions: [], updates: [] });
  }

  /** A service outside AWS took something. */
  taken(at: number, cause: Cause, taken: Taken): void {
    if (taken.what === "message") {
      const { kind, messageId, payload } = taken;
      this.sent(at, cause, { kind, messageId, payload, attachments: [] });
      return;
    }
    if (taken.what === "response") {
      return;
    }
    const sent = this.#sent.findLast(({ message }) => message.messageId === taken.messageId);
    if (taken.what === "reaction") {
      sent?.reactions.push(taken.name);
    } else {
      sent?.updates.push(taken.payload);
    }
  }

  /** A function wrote an object. */
  stored(object: StoredObject): void {
    this.#objects.set(JSON.stringify([object.account, object.bucket, object.key]), object);
  }

  get events(): EventEntry[] {
    return this.#entries.map((entry) => ({
      line: entry.line,
      id: entry.id,
      matched: [...entry.matched],
      ...outcome(entry, (decided) => this.#lines.told(decided)),
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

  /** Objects that functions wrote. @param save where they are copied to; without it they are left out */
  objects(save: SaveBeside | undefined): ObjectEntry[] {
    return [...this.#objects.values()].flatMap((object) => {
      const { account, bucket, key } = object;
      return save === undefined ? [] : [{ account, bucket, key, file: save.object(object) }];
    });
  }

  /** What else is published on topics (alarms about tocsin itself) is no delivery. */
  #delivered(): Sent[] {
    return this.#sent.filter(({ message }) => message.kind !== "sns" || this.#lines.of(message.messageId) !== undefined);
  }

  /** What each delivery showed, in the order of the deliveries: what went out first, and what it was changed to. */
  get shown(): ShownMessage[] {
    return this.#delivered().map(({ message: { kind, messageId, payload }, updates }) => ({
      kind,
      messageId,
      versions: [payload, ...updates],
    }));
  }

  /** @param save where attachments go; without it they are left out. */
  deliveries(save?: SaveBeside): DeliveryEntry[] {
    return this.#delivered().map(({ at, cause, message, reactions, updates }, index) => {
      const line = this.#lines.of(message.messageId);
      const attachments = save && message.attachments.map(({ name, content }) => ({ name, file: save.attachment(index, name, content) }));
      return {
        at: new Date(at).toISOString(),
        cause,
        channel: line?.channel ?? null,
        kind: message.kind,
        reason: line?.reason ?? null,
        episode: line?.episode ?? null,
        findingIds: this.#lines.findingsOf(line),
        origin: line?.origin ?? null,
        severity: line?.severity ?? null,
        accountId: line?.accountId ?? null,
        accountName: line?.accountName ?? null,
        region: line?.region ?? null,
        resource: line?.resource ?? null,
        title: line?.title ?? null,
        payload: message.payload,
        ...(reactions.length > 0 && { reactions: [...reactions] }),
        ...(updates.length > 0 && { updates: [...updates] }),
        ...(attachments?.length && { attachments }),
      };
    });
  }
}

/**
 * An event whose message came to rest in a dead-letter queue is `dead-lettered`, unless it had been decided to tell and people were told
 * (of several channels one may have failed for good: the queue is listed, the decision stands).
 */
function outcome(entry: Entry, told: (decided: DecisionLine) => boolean): Pick<EventEntry, "decision" | "reason" | "episode"> {
  const { decided, deadLetter } = entry;
  const episode = decided?.episode ?? null;
  if (deadLetter !== undefined && !(decided?.decision === "notify" && told(decided))) {
    return { decision: "dead-lettered", reason: deadLetter, episode };
  }
  if (decided) {
    return { decision: decided.decision, reason: decided.reason, episode };
  }
  return entry.matched.size === 0
    ? { decision: "ignored", reason: null, episode: null }
    : { decision: "quiet", reason: "undecided", episode: null };
}
