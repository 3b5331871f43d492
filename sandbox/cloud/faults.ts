import { type Fault, FaultError } from "../types";

interface Pending {
  readonly fault: Fault;
  left: number;
}

/** Calls that are to fail. */
export class Faults {
  #pending: Pending[] = [];

  constructor(private readonly now: () => number) {}

  /** Adds a fault; `times: 0` clears those of its service, or of its service and operation. */
  add(fault: Fault): void {
    if (fault.times === 0) {
      this.#pending = this.#pending.filter(
        ({ fault: known }) => known.service !== fault.service || (fault.operation !== undefined && known.operation !== fault.operation),
      );
      return;
    }
    const left = fault.times ?? (fault.until === undefined ? 1 : Number.POSITIVE_INFINITY);
    this.#pending.push({ fault, left });
  }

  /** The error with which this call fails, if it does; uses up one time. */
  take(service: string, operation: string | undefined): FaultError | undefined {
    const now = this.now();
    this.#pending = this.#pending.filter(({ fault, left }) => left > 0 && (fault.until === undefined || now < fault.until));
    const hit = this.#pending.find(
      ({ fault }) => fault.service === service && (fault.operation === undefined || fault.operation === operation),
    );
    if (hit === undefined) return undefined;
    hit.left -= 1;
    const { error, status, until } = hit.fault;
    return new FaultError(error, status, until === undefined ? 1 : Math.max(1, Math.ceil((until - now) / 1_000)));
  }
}
