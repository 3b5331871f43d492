import { ServiceError } from "../../types";
import type { Core } from "../core";
import { TaskError } from "./task-error";

interface Waiting {
  readonly succeed: (output: unknown, trace: string | undefined) => void;
  readonly fail: (error: Error, trace: string | undefined) => void;
  readonly heartbeat: () => void;
}

/** A wait for an answer. Times in milliseconds; absent: for ever. */
export interface Wait {
  readonly heartbeat?: number | undefined;
  readonly timeout?: number | undefined;
  /** Hears that somebody answered, with the trace of whoever did. */
  readonly answered: (trace: string | undefined) => void;
  /** Hears that time is up. */
  readonly expired: () => void;
}

/** Tokens of tasks that wait until somebody answers (`.waitForTaskToken`). */
export class TaskTokens {
  readonly #issued = new Set<string>();
  readonly #waiting = new Map<string, Waiting>();

  constructor(private readonly core: Core) {}

  issue(): string {
    const token = `token-${this.core.ids.hex(48)}`;
    this.#issued.add(token);
    return token;
  }

  /** The token that a task's parameters contain. */
  find(parameters: unknown): string | undefined {
    const text = JSON.stringify(parameters);
    return [...this.#issued].find((token) => text.includes(token));
  }

  /** Waits for the answer, without counting as work. Whoever answers after the timeout is told so; that the task then fails is the library's doing. */
  wait(token: string, { heartbeat, timeout, answered, expired }: Wait): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let cancel = (): void => undefined;
      let cancelTimeout = (): void => undefined;
      const settle = (act: () => void): void => {
        cancel();
        cancelTimeout();
        this.drop(token);
        const end = this.core.clock.begin();
        act();
        setImmediate(end);
      };
      const beat = (): void => {
        cancel();
        if (heartbeat !== undefined) {
          const late = new TaskError("States.HeartbeatTimeout", "no heartbeat in time");
          const stopped = (): void => {
            expired();
            reject(late);
          };
          cancel = this.core.clock.after(heartbeat, () => settle(stopped), { held: true });
        }
      };
      this.#waiting.set(token, {
        succeed: (output, trace) =>
          settle(() => {
            answered(trace);
            resolve(output);
          }),
        fail: (error, trace) =>
          settle(() => {
            answered(trace);
            reject(error);
          }),
        heartbeat: beat,
      });
      beat();
      if (timeout !== undefined) {
        const late = (): void => {
          cancel();
          this.drop(token);
          expired();
        };
        cancelTimeout = this.core.clock.after(timeout, late, { held: true });
      }
    });
  }

  /** Forgets a task that does not wait any longer. */
  drop(token: string): void {
    this.#issued.delete(token);
    this.#waiting.delete(token);
  }

  /** @param trace of whoever answers. */
  succeed(token: string, output: string, trace?: string): void {
    this.#get(token).succeed(JSON.parse(output), trace);
  }

  fail(token: string, error: string, cause: string, trace?: string): void {
    this.#get(token).fail(new TaskError(error, cause), trace);
  }

  heartbeat(token: string): void {
    this.#get(token).heartbeat();
  }

  #get(token: string): Waiting {
    const waiting = this.#waiting.get(token);
    if (waiting === undefined) {
      throw /^token-[0-9a-f]{48}$/.test(token)
        ? new ServiceError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
        : new ServiceError("InvalidToken", "Invalid Token: 'Invalid token'");
    }
    return waiting;
  }
}
