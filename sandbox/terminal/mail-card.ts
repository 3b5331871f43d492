import type { DeliveryEntry } from "../replay/report";
import { print, type Screen } from "./screen";
import { clipped, padded, printable, wrapped } from "./text";

/** Lines of the mail's text that a card shows. */
const TEXT_LINES = 7;

const CAUSES = { event: "an event", timer: "a timer", person: "a person" } as const;

/** Shows a mail as a small card: who to whom, the subject, and how its text begins. */
export function printMailCard(screen: Screen, delivery: DeliveryEntry, indent: string): void {
  const { at, payload } = delivery;
  const inner = screen.width - indent.length - 4;
  const edge = (left: string, label: string, right: string): string =>
    `${indent}${screen.dim(`${left}${label}${"─".repeat(inner + 2 - label.length)}${right}`)}`;
  const row = (text: string, style: (text: string) => string = (plain) => plain): string =>
    `${indent}${screen.dim("│")} ${style(padded(clipped(text, inner), inner))} ${screen.dim("│")}`;
  const to = Array.isArray(payload.to) ? payload.to.join(", ") : "";
  print(
    screen,
    edge("┌", `─ mail · ${at.slice(0, 16).replace("T", " ")} `, "┐"),
    row(`From     ${printable(String(payload.from ?? ""))}`),
    row(`To       ${printable(to)}`),
    row(`Subject  ${printable(String(payload.subject ?? ""))}`, screen.bold),
    row(`Account  ${printable(`${delivery.accountName ?? "?"} (${delivery.accountId ?? "?"})`)}`),
    row(`Why      ${printable(delivery.reason ?? "?")}, caused by ${CAUSES[delivery.cause]}`),
    row(""),
    ...firstLines(String(payload.text ?? ""), inner).map((line) => row(line)),
    edge("└", "", "┘"),
  );
}

function firstLines(text: string, width: number): string[] {
  const lines = text
    .split("\n")
    .map(printable)
    // Lines that only underline a heading say nothing here.
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .flatMap((line) => wrapped(line, width));
  return lines.length > TEXT_LINES ? [...lines.slice(0, TEXT_LINES), "…"] : lines;
}
