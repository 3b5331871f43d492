import type { StormContent } from "../message/storm";
import { banner } from "./banner";
import { factSet, heading, line, opens, run } from "./elements";
import type { Card } from "./finding-card";
import type { Room } from "./room";

const more = (count: number, of: string) =>
  count > 0 ? [{ label: "", value: `and ${count.toLocaleString("en-US")} more ${of}${count === 1 ? "" : "s"}` }] : [];

/** The card about many findings at once. */
export function stormCard(content: StormContent, room: Room, runbook: string | undefined): Card {
  const { severity, sample, title, source, about, sentence, severities, between, accounts, findings } = content;
  const shown = findings.slice(0, room.findings);
  return {
    body: [
      ...banner({ severity, sample, word: "Storm" }),
      line([run(`${sample ? "[SAMPLE] " : ""}${title}`, { size: "Large", weight: "Bolder" })]),
      line([run(source, { isSubtle: true })], { spacing: "None" }),
      line([run("Storm. ", { weight: "Bolder" }), run(sentence)], { spacing: "Medium" }),
      ...factSet([
        { label: "For example", value: about },
        { label: "Severities", value: severities },
        { label: "When", value: between },
      ]),
      heading("Accounts"),
      ...factSet([
        ...accounts.map(({ name, id, count }) => ({ label: count.toLocaleString("en-US"), value: name === id ? id : `${name} (${id})` })),
        ...more(content.moreAccounts, "account"),
      ]),
      ...(shown.length === 0 ? [] : [heading("Findings")]),
      ...factSet([
        ...shown.map(({ severity: of, account, region, resource }) => ({ label: of, value: `${account} · ${region} · ${resource}` })),
        ...more(content.count - shown.length, "finding"),
      ]),
      line([run(`Episode ${content.episode}`, { size: "Small", isSubtle: true })], { separator: true, spacing: "Medium" }),
    ],
    actions: [...opens("All findings", content.list), ...opens("Runbook", runbook)],
  };
}
