import { glanceOf } from "../inbox/glance";
import type { DeliveryEntry } from "../replay/report";
import { print, type Screen } from "./screen";
import { clipped, padded, printable, wrapped } from "./text";

/** Lines of the message's text that a card shows. */
const TEXT_LINES = 7;

const CAUSES = { event: "an event", timer: "a timer", person: "a person" } as const;

const NAMES: Readonly<Record<DeliveryEntry["kind"], string>> = {
  email: "mail",
  slack: "Slack",
  sns: "SNS",
  teams: "Microsoft Teams",
  webhook: "webhook",
};

/** Shows a message as a small card: where it went, what stands at its top, of which account it tells and why, how it begins, and what can be pressed. */
export function printCard(screen: Screen, delivery: DeliveryEntry, indent: string): void {
  const { at, kind, payload, reactions = [] } = delivery;
  const { headline, lines, buttons } = glanceOf(delivery);
  const inner = screen.width - indent.length - 4;
  const edge = (left: string, label: string, right: string): string =>
    `${indent}${screen.dim(`${left}${label}${"─".repeat(inner + 2 - label.length)}${right}`)}`;
  const row = (text: string, style: (text: string) => string = (plain) => plain): string =>
    `${indent}${screen.dim("│")} ${style(padded(clipped(text, inner), inner))} ${screen.dim("│")}`;
  const severity = delivery.severity === null ? [] : [row(`Severity ${printable(delivery.severity)}`)];
  print(
    screen,
    edge("┌", `─ ${NAMES[kind]} · ${at.slice(0, 16).replace("T", " ")} `, "┐"),
    ...(kind === "email" ? [row(`From     ${printable(String(payload.from ?? ""))}`)] : []),
    row(`To       ${printable(recipients(delivery))}`),
    row(`${kind === "email" ? "Subject" : "Title  "}  ${printable(headline)}`, screen.bold),
    ...severity,
    row(`Account  ${printable(`${delivery.accountName ?? "?"} (${delivery.accountId ?? "?"})`)}`),
    row(`Why      ${printable(delivery.reason ?? "?")}, caused by ${CAUSES[delivery.cause]}`),
    row(""),
    ...firstLines(lines, inner).map((line) => row(line)),
    ...(buttons.length === 0 ? [] : [row(buttons.map((button) => `[ ${printable(button)} ]`).join(" "), screen.accent)]),
    ...(reactions.length === 0 ? [] : [row(reactions.map((name) => `:${printable(name)}:`).join(" "))]),
    edge("└", "", "┘"),
  );
}

const recipients = ({ kind, channel, payload }: DeliveryEntry): string =>
  kind === "email" && Array.isArray(payload.to)
    ? payload.to.join(", ")
    : `${channel ?? "?"}${payload.thread_ts === undefined ? "" : ", in the thread of the first message"}`;

function firstLines(text: readonly string[], width: number): string[] {
  const lines = text
    .map(printable)
    // Lines that only underline a heading say nothing here.
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .flatMap((line) => wrapped(line, width));
  return lines.length > TEXT_LINES ? [...lines.slice(0, TEXT_LINES), "…"] : lines;
}
