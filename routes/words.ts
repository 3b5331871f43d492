import type { When } from "../functions/routing/route";

const or = new Intl.ListFormat("en-GB", { type: "disjunction" });
const and = new Intl.ListFormat("en-GB", { type: "conjunction" });

/** What a condition says of the finding's account and resource: `in account lab, below Production, with tag team=web`. Empty if it says nothing of them. */
export const whereWords = ({ accounts, organizationalUnits, tags }: When): string =>
  [
    accounts && `in account ${or.format(accounts)}`,
    organizationalUnits && `below ${or.format(organizationalUnits)}`,
    tags && `with tag ${and.format(Object.entries(tags).map(([key, value]) => `${key}=${value}`))}`,
  ]
    .filter((part) => part !== undefined)
    .join(", ");

/** A condition in words: `CRITICAL or HIGH guardduty findings below Production, as new or escalated`. */
export function whenWords(when: When): string {
  const { severities, origins, reasons } = when;
  const what = [severities && or.format(severities), origins && or.format(origins), "findings"].filter((part) => part !== undefined);
  const where = whereWords(when);
  return (
    (what.length === 1 && where === "" && reasons === undefined ? "everything" : what.join(" ")) +
    (where && ` ${where}`) +
    (reasons === undefined ? "" : `, as ${or.format(reasons)}`)
  );
}
