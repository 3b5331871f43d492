import type { Screen } from "./screen";
import { clipped, padded } from "./text";

/** Column of a step's duration. */
const DURATION_COLUMN = 76;

/** Long steps, each on its line: what goes on now, and how long it took once it is over. */
export class Steps {
  #startedAt: number | undefined;

  /** @param now real time in milliseconds. */
  constructor(
    private readonly screen: Screen,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Ends the step that goes on and begins the next one. */
  readonly begin = (step: string): void => {
    this.end();
    this.#startedAt = this.now();
    this.screen.write(`  ${padded(clipped(step, DURATION_COLUMN - 4), DURATION_COLUMN - 2)}`);
  };

  /** Ends the step that goes on. */
  end(): void {
    if (this.#startedAt !== undefined) {
      this.screen.write(`${this.screen.dim(`${((this.now() - this.#startedAt) / 1000).toFixed(1).padStart(6)} s`)}\n`);
      this.#startedAt = undefined;
    }
  }

  /** Leaves the step that goes on as it is, for example because of an error: the next output starts on a line of its own. */
  breakOff(): void {
    if (this.#startedAt !== undefined) {
      this.screen.write("\n");
      this.#startedAt = undefined;
    }
  }
}
