import type { DecisionLine, DeliveryLine, StormLine } from "./log-lines";

/** What the deliver functions logged: which message told whom of what. */
export class Lines {
  readonly #deliveries = new Map<string, DeliveryLine>();
  /** Findings of storms, by storm and channel. */
  readonly #storms = new Map<string, Set<string>>();
  readonly #episodes = new Set<string>();
  /** Findings of storms that some channel was told of. */
  readonly #findings = new Set<string>();

  add(line: DeliveryLine | StormLine): void {
    if (line.kind === "storm") {
      const known = this.#storms.get(keyOf(line)) ?? new Set();
      this.#storms.set(keyOf(line), known);
      for (const id of line.findingIds) {
        known.add(id);
      }
      return;
    }
    this.#deliveries.set(line.messageId, line);
    if (typeof line.episode === "string") {
      this.#episodes.add(line.episode);
    }
    if (typeof line.storm === "string") {
      for (const id of this.findingsOf(line)) {
        this.#findings.add(id);
      }
    }
  }

  /** The line of the delivery that a message is, if a function logged one. */
  of(messageId: string): DeliveryLine | undefined {
    return this.#deliveries.get(messageId);
  }

  /** What a delivery tells of. */
  findingsOf(line: DeliveryLine | undefined): string[] {
    if (line === undefined) {
      return [];
    }
    const storm = typeof line.storm === "string" ? this.#storms.get(keyOf({ storm: line.storm, channel: line.channel })) : undefined;
    return [...new Set([...line.findingIds, ...(storm ?? [])])];
  }

  /** Whether people were told of what was decided, by a message of its own or by that of a storm. */
  told({ episode, finding }: DecisionLine): boolean {
    return (typeof episode === "string" && this.#episodes.has(episode)) || (typeof finding === "string" && this.#findings.has(finding));
  }
}

const keyOf = ({ storm, channel }: { readonly storm: string; readonly channel: string }): string => JSON.stringify([storm, channel]);
