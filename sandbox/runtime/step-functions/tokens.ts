import { ServiceError } from "../../types";
import type { Core } from "../core";
import { TaskError } from "./task-error";

interface Waiting {
  readonly succeed: (output: unknown) => void;
  readonly fail: (error: Error) => void;
  readonly heartbeat: () => void;
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

  /** Waits for the answer, without counting as work. `heartbeat` is in milliseconds. */
  wait(token: string, heartbeat: number | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let cancel = (): void => undefined;
      const settle = (act: () => void): void => {
        cancel();
        this.#waiting.delete(token);
        this.#issued.delete(token);
        const end = this.core.clock.begin();
        act();
        setImmediate(end);
      };
      const beat = (): void => {
        cancel();
        if (heartbeat !== undefined) {
          const late = new TaskError("States.HeartbeatTimeout", "no heartbeat in time");
          cancel = this.core.clock.after(heartbeat, () => settle(() => reject(late)), { held: true });
        }
      };
      this.#waiting.set(token, {
        succeed: (output) => settle(() => resolve(output)),
        fail: (error) => settle(() => reject(error)),
        heartbeat: beat,
      });
      beat();
    });
  }

  /** Forgets a task that does not wait any longer. */
  drop(token: string): void {
    this.#issued.delete(token);
    this.#waiting.delete(token);
  }

  succeed(token: string, output: string): void {
    this.#get(token).succeed(JSON.parse(output));
  }

  fail(token: string, error: string, cause: string): void {
    this.#get(token).fail(new TaskError(error, cause));
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
