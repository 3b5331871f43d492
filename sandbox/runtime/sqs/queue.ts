import type { VirtualClock } from "../clock";
import type { Ids } from "../ids";
import type { Message } from "./message";
import { greatestAge, mostAtOnce, type Stretch } from "./occupancy";

export interface QueueSettings {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  /** Milliseconds, as all times here. */
  readonly visibilityTimeout: number;
  readonly delay: number;
  readonly retention: number;
  /** Longest wait of a receive that names none. */
  readonly receiveWait: number;
  /** Bytes. */
  readonly maximumMessageSize: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly maximumReceives: number };
}

/** One queue: messages in the order they came, each visible or not. */
export class Queue {
  readonly #messages: Message[] = [];
  readonly #consumers = new Set<() => void>();
  readonly #timers = new Map<Message, () => void>();
  /** When messages lay there to be received, and when they existed, as far as they are over: what the metrics are made of. */
  readonly #lay: Stretch[] = [];
  readonly #lived: Stretch[] = [];

  constructor(
    readonly settings: QueueSettings,
    private readonly clock: VirtualClock,
    private readonly ids: Ids,
    /** Moves a message that was received too often. */
    private readonly moveToDeadLetters: (message: Message) => void,
  ) {}

  /** Calls back whenever messages can be received. Answers how to stop it. */
  consume(onVisible: () => void): () => void {
    this.#consumers.add(onVisible);
    for (const message of this.#messages) {
      this.#announce(message);
    }
    return () => this.#consumers.delete(onVisible);
  }

  add(message: Message): void {
    this.#messages.push(message);
    this.#announce(message);
  }

  /** Up to `count` visible messages, the oldest first; they stay invisible for a time. Those received too often go to the dead-letter queue instead. */
  receive(count: number, visibility: number = this.settings.visibilityTimeout): Message[] {
    this.#expire();
    const now = this.clock.now();
    const received: Message[] = [];
    for (const message of [...this.#messages]) {
      if (received.length === count) {
        break;
      }
      if (message.visibleAt > now) {
        continue;
      }
      if (this.settings.redrive !== undefined && message.receiveCount >= this.settings.redrive.maximumReceives) {
        this.#drop(message);
        this.moveToDeadLetters(message);
        continue;
      }
      message.receiveCount += 1;
      message.firstReceivedAt ??= now;
      message.receipt = this.ids.hex(64);
      this.#hide(message, visibility);
      received.push(message);
    }
    return received;
  }

  /** Deletes by receipt handle. False when the handle is unknown (deleted already, or received again since). */
  delete(receipt: string): boolean {
    const message = this.#byReceipt(receipt);
    if (message !== undefined) {
      this.#drop(message);
    }
    return message !== undefined;
  }

  /** False when the handle is unknown. */
  changeVisibility(receipt: string, visibility: number): boolean {
    const message = this.#byReceipt(receipt);
    if (message !== undefined) {
      this.#hide(message, visibility);
    }
    return message !== undefined;
  }

  /** Takes all messages out. */
  purge(): Message[] {
    const messages = [...this.#messages];
    for (const message of messages) {
      this.#drop(message);
    }
    return messages;
  }

  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    this.#expire();
    const now = this.clock.now();
    const hidden = this.#messages.filter(({ visibleAt }) => visibleAt > now);
    const inFlight = hidden.filter(({ receipt }) => receipt !== undefined).length;
    return { visible: this.#messages.length - hidden.length, inFlight, delayed: hidden.length - inFlight };
  }

  /** Whether at least so many messages can be received. Sooner told than the counts of a long queue. */
  hasVisible(count: number): boolean {
    const now = this.clock.now();
    const oldest = now - this.settings.retention;
    let visible = 0;
    for (const { visibleAt, sentAt } of this.#messages) {
      visible += visibleAt <= now && sentAt > oldest ? 1 : 0;
      if (visible >= count) {
        return true;
      }
    }
    return false;
  }

  /** Most messages that lay visible at once between two times. */
  mostVisible(from: number, to: number): number {
    this.#expire();
    return mostAtOnce([...this.#lay, ...this.#messages.map(({ visibleAt }) => ({ from: visibleAt }))], from, to);
  }

  /** Age in seconds that the oldest message reached between two times. */
  oldestAge(from: number, to: number): number {
    this.#expire();
    return greatestAge([...this.#lived, ...this.#messages.map(({ sentAt }) => ({ from: sentAt }))], from, to) / 1000;
  }

  #byReceipt(receipt: string): Message | undefined {
    return this.#messages.find((message) => message.receipt === receipt);
  }

  #hide(message: Message, visibility: number): void {
    this.#keepStretch(message);
    message.visibleAt = this.clock.now() + visibility;
    this.#announce(message);
  }

  #drop(message: Message): void {
    this.#keepStretch(message);
    this.#timers.get(message)?.();
    this.#timers.delete(message);
    this.#messages.splice(this.#messages.indexOf(message), 1);
    if (this.clock.now() > message.sentAt) {
      this.#lived.push({ from: message.sentAt, to: this.clock.now() });
    }
  }

  #keepStretch(message: Message): void {
    if (message.visibleAt < this.clock.now()) {
      this.#lay.push({ from: message.visibleAt, to: this.clock.now() });
    }
  }

  /** Tells the consumers when the message becomes visible. Without consumers nothing is due, and the clock need not stop there. */
  #announce(message: Message): void {
    this.#timers.get(message)?.();
    this.#timers.delete(message);
    if (this.#consumers.size === 0) {
      return;
    }
    const tell = (): void => {
      this.#timers.delete(message);
      for (const consumer of [...this.#consumers]) {
        consumer();
      }
    };
    if (message.visibleAt <= this.clock.now()) {
      tell();
    } else {
      this.#timers.set(message, this.clock.at(message.visibleAt, tell));
    }
  }

  #expire(): void {
    const oldest = this.clock.now() - this.settings.retention;
    for (const message of this.#messages.filter(({ sentAt }) => sentAt <= oldest)) {
      this.#drop(message);
    }
  }
}
