import type { AlertSettings } from "../../functions/alert-settings";
import { durationMilliseconds } from "../../functions/duration";
import type { DeliveryEntry } from "../replay/report";
import { START } from "../runtime/clock";
import { listed } from "../terminal/text";
import { bruteForce, OPEN_PORT_ID, openPort, vulnerability } from "./findings";
import { check, decisions, inShort, same } from "./judging";
import type { Outcome, Scene } from "./scene";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Reminders are told by an hourly schedule: at most this late. */
const LATEST = HOUR;

/** The scenes here are about mails of findings: what goes to Slack or a pager besides, and the weekly digest, are for others. */
const mailsOf = ({ deliveries }: Outcome): readonly DeliveryEntry[] =>
  deliveries.filter(({ kind, reason }) => kind === "email" && reason !== "digest");

/** Job 1 of tocsin: told of what matters, once; reminded of what stays; told again of what comes back. */
export function findingsAlerts({ remind }: Pick<AlertSettings, "remind">): Scene[] {
  const period = remind.CRITICAL ?? "5d";
  const repeated = START + 12 * HOUR;
  const reminded = START + durationMilliseconds(period) + LATEST;
  const backAgain = reminded + DAY;
  return [
    {
      title: "Three findings, three mails",
      story:
        "Three services report three problems in three accounts. Each of them is told once, with the name of the account and what to do.",
      steps: [
        {
          caption: "Security Hub finds a database port of payments open to the world (CRITICAL)",
          line: { securityHub: { findings: [openPort(START - 2 * MINUTE)] } },
        },
        {
          caption: "GuardDuty sees a server of web guess SSH passwords (HIGH, in another Region)",
          line: { account: "web", region: "us-east-1", event: bruteForce(START - MINUTE, 14) },
        },
        {
          caption: "Inspector finds Log4Shell on a server of data (CRITICAL)",
          line: { account: "data", region: "eu-west-1", event: vulnerability(START - MINUTE) },
        },
      ],
      judge: (outcome) => [
        check(
          "one mail for each, because it is new",
          same(
            mailsOf(outcome).map(({ kind, reason, origin }) => [kind, reason, origin]),
            ["securityhub", "guardduty", "inspector"].map((origin) => ["email", "new", origin]),
          ),
          inShort(mailsOf(outcome)),
        ),
        check(
          "each names its account: payments, web, data",
          same(
            mailsOf(outcome).map(({ accountName }) => accountName),
            ["payments", "web", "data"],
          ),
          inShort(mailsOf(outcome)),
        ),
        check(
          "all three were decided to be told",
          outcome.events.length === 3 && outcome.events.every(({ decision }) => decision === "notify"),
          decisions(outcome),
        ),
      ],
    },
    {
      title: "The same again: silence",
      story: "AWS reports an open problem again and again until it is fixed. Nobody needs to hear of it twice.",
      steps: [
        { caption: "Twelve hours pass", line: { advance: "12h" } },
        { caption: "Security Hub checks again: still open", line: { securityHub: { findings: [openPort(repeated)] } } },
        {
          caption: "GuardDuty updates its finding: it goes on, 211 times by now",
          line: { account: "web", region: "us-east-1", event: bruteForce(repeated, 211) },
        },
        {
          caption: "Inspector scans again: still vulnerable",
          line: { account: "data", region: "eu-west-1", event: vulnerability(repeated) },
        },
      ],
      judge: (outcome) => [
        check("no mail", outcome.deliveries.length === 0, inShort(outcome.deliveries)),
        check(
          "three events, and each was quiet or dropped at the edge",
          outcome.events.length === 3 && outcome.events.every(({ decision }) => decision === "quiet" || decision === "ignored"),
          decisions(outcome),
        ),
      ],
    },
    {
      title: "Still open: a reminder",
      story: `The settings ask to be reminded of CRITICAL findings after ${period}. A schedule does that, not the luck of a next report.`,
      steps: [
        {
          caption: `It is ${period} since the first mails, and an hour`,
          line: { advance: `${(reminded - repeated) / MINUTE}m` },
        },
      ],
      judge: (outcome, [first]) => {
        const critical = (first === undefined ? [] : mailsOf(first)).filter(({ severity }) => severity === "CRITICAL");
        const mails = mailsOf(outcome);
        const waited = mails.map(({ at, episode }) => {
          const told = critical.find((delivery) => delivery.episode === episode);
          return Date.parse(at) - Date.parse(told?.at ?? at);
        });
        const wanted = durationMilliseconds(period);
        return [
          check(
            "one reminder for each CRITICAL finding that is still open, none for others",
            critical.length > 0 &&
              same(
                mails.map(({ reason, episode }) => [reason, episode]),
                critical.map(({ episode }) => ["reminder", episode]),
              ),
            inShort(mails),
          ),
          check(
            `each came ${period} after the first mail, at most an hour late, by a timer`,
            mails.length > 0 &&
              mails.every(({ cause }) => cause === "timer") &&
              waited.every((time) => time >= wanted && time <= wanted + LATEST),
            waited.length === 0 ? "no reminder" : listed(waited.map((time) => `after ${(time / HOUR).toFixed(1)} h`)),
          ),
        ];
      },
    },
    {
      title: "Fixed, and back again",
      story:
        "The port is closed. The daily comparison with Security Hub ends the episode, so that the same problem counts as news when it comes back.",
      steps: [
        {
          caption: "Security Hub checks again: the port is closed (PASSED)",
          line: { securityHub: { findings: [openPort(reminded, "PASSED")] } },
        },
        { caption: "The daily reconcile compares the open episodes with Security Hub", line: { run: "reconcile" } },
        { caption: "A day passes", line: { advance: "1d" } },
        { caption: "Somebody has opened the port again (FAILED)", line: { securityHub: { findings: [openPort(backAgain)] } } },
      ],
      judge: (outcome, [first]) => {
        const before = first?.deliveries.find(({ findingIds }) => findingIds.includes(OPEN_PORT_ID))?.episode;
        const [again] = outcome.deliveries;
        return [
          check(
            "reconcile closed the episode of the open port",
            outcome.closed.some(({ episode }) => episode === before),
            outcome.closed.length === 0 ? "it closed nothing" : `it closed ${listed(outcome.closed.map(({ title }) => title ?? "?"))}`,
          ),
          check(
            "it was told again, once, as an episode of its own",
            outcome.deliveries.length === 1 &&
              again?.findingIds.includes(OPEN_PORT_ID) === true &&
              (again.reason === "reopened" || again.reason === "new") &&
              again.episode !== before,
            inShort(outcome.deliveries),
          ),
        ];
      },
    },
  ];
}
