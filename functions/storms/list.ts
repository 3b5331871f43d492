import { createHash } from "node:crypto";
import { cleanLine } from "../message/clean";
import { type Part, stormKey } from "./key";
import { escalatedFrom, type Listed } from "./summary";

const COLUMNS = ["Severity", "Title", "Account id", "Account name", "Region", "Resource", "First seen", "Finding ids", "Episode", "Why"];

/** Makes a program that opens the list calculate: https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[\s\p{C}]*[=+\-@|%＝＋－＠]/u;

/** A cell that stays text, whoever wrote it and whatever opens it. */
export function cell(value: string): string {
  const text = cleanLine(value);
  return `"${FORMULA.test(text) ? "'" : ""}${text.replaceAll('"', '""')}"`;
}

/** Ids of all findings that an episode is known by. */
export const findingIds = ({ held: { record } }: Listed): readonly string[] => (record.ids.length > 0 ? record.ids : [record.problem]);

const row = (listed: Listed): readonly string[] => {
  const { held, finding, account } = listed;
  const from = escalatedFrom(listed);
  return [
    finding.severity,
    finding.title,
    account.id,
    account.name ?? "",
    finding.region,
    finding.resources.map(({ id }) => id).join(" "),
    finding.firstSeen,
    findingIds(listed).join(" "),
    `${held.record.key}-${held.record.number}`,
    from === undefined ? held.record.claim.reason : `${held.record.claim.reason} from ${from}`,
  ];
};

/** All findings of a part, one a line, as CSV (RFC 4180), with the mark by which spreadsheet programs know UTF-8. */
export const csvOf = (listed: readonly Listed[]): string =>
  `\uFEFF${[COLUMNS, ...listed.map(row)].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("")}`;

/** Letters, digits and hyphens: what needs no encoding in a URL. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 64);

/** Key of the object that holds the list of a part for a channel, for example `storms/2026/03/01/ec2-19-3f2a1b-091000-1-soc-mail.csv`. */
export function listKey(part: Part, channel: string): string {
  const [day = "", time = ""] = new Date(part.flushAt).toISOString().split("T");
  const hash = createHash("sha256")
    .update(`${stormKey(part.storm)} ${channel}`)
    .digest("hex")
    .slice(0, 6);
  const name = [
    part.storm.sample ? "sample" : "",
    slug(part.storm.kind),
    hash,
    time.slice(0, 8).replaceAll(":", ""),
    part.number,
    slug(channel),
  ].filter((piece) => piece !== "");
  return `storms/${day.replaceAll("-", "/")}/${name.join("-")}.csv`;
}
