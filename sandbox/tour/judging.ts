import type { DeliveryEntry } from "../replay/report";
import { listed } from "../terminal/text";
import type { Check, Outcome } from "./scene";

/** What scenes judge by. */

export const check = (promise: string, kept: boolean, found: string): Check => ({ promise, kept, found });

/** Messages in a few words, for what was found instead. */
export const inShort = (deliveries: readonly DeliveryEntry[]): string =>
  deliveries.length === 0
    ? "no message"
    : listed(
        deliveries.map(({ kind, reason, origin, accountName }) => `${kind} (${reason ?? "?"}, ${origin ?? "?"}, ${accountName ?? "?"})`),
      );

/** Whether the values are the same, in any order. */
export const same = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  JSON.stringify(some.map(String).sort()) === JSON.stringify(others.map(String).sort());

export const decisions = ({ events }: Outcome): string =>
  listed(events.map(({ decision, reason }) => (reason === null ? decision : `${decision} (${reason})`)));
