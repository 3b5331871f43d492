import type { MessageContent } from "../message/content";
import type { StormContent, StormLine, StormPlace } from "../message/storm";
import { html, isolated, type Markup } from "./html";
import { fittingRows, LARGEST_HTML, page } from "./page";
import { band, button, detail, factRow, frame, guide, headline, row, sampleBand, section, spaced, table } from "./parts";
import { BANDS, STYLES } from "./style";

/** What a mail about a storm shows: the storm, and what to do about its gravest finding, which goes for all. */
export interface StormMail {
  readonly storm: StormContent;
  readonly advice: Pick<MessageContent, "runbook" | "remediation">;
}

const place = ({ name, id, count }: StormPlace): Markup =>
  row(
    count.toLocaleString("en-US"),
    name === id ? html`${id}` : html`<span style="${STYLES.strong}">${isolated(name)}</span> ${isolated(id)}`,
  );

/** One finding in few bytes: a mail has room for about two hundred. */
const listed = ({ resource, account, region }: StormLine): Markup =>
  html`<div class="rule ink" style="${STYLES.line}">${isolated(resource)}<br><span class="soft" style="${STYLES.lineDetail}">${isolated(account)} · ${isolated(region)}</span></div>`;

/** The findings, with a heading before the first of each severity. */
const lines = (findings: readonly StormLine[]): readonly Markup[] =>
  findings.map((finding, index) => {
    const begins = findings[index - 1]?.severity !== finding.severity;
    return html`${begins ? html`<div class="soft" style="${STYLES.group}">${finding.severity}</div>` : undefined}${listed(finding)}`;
  });

const listButton = (list: string | undefined): Markup | undefined =>
  list === undefined ? undefined : button(list, "Open the full list", "btn", STYLES.button, STYLES.buttonLink);

const counted = (count: number, unit: string): string => `and ${count.toLocaleString("en-US")} more ${unit}`;

function card({ storm, advice }: StormMail, shown: readonly Markup[]): Markup {
  const { severity, sample, title, source, sentence, about, severities, between, accounts, moreAccounts, count } = storm;
  const left = count - shown.length;
  return html`${sample ? sampleBand : undefined}${band(BANDS[severity], severity, "Storm")}
<tr><td class="pad" style="${STYLES.pad}">${headline(title, source, "Storm", sentence)}
${spaced(
  table(
    [
      { label: "What", value: about },
      { label: "Severities", value: severities },
      { label: "Between", value: between },
    ].map(factRow),
  ),
  18,
)}
${spaced(listButton(storm.list), 18)}
${section("What to do", guide(advice))}
${section("Findings by account", table(accounts.map(place)), moreAccounts > 0 ? spaced(detail(counted(moreAccounts, "accounts")), 8) : undefined)}
${section(shown.length < count ? "The gravest findings" : "Findings", html`${shown}`, left > 0 ? spaced(detail(`${counted(left, "findings")} in the full list`), 12) : undefined)}
<div style="height:28px;line-height:28px;font-size:1px;">&nbsp;</div>
</td></tr>`;
}

const footer = ({ episode }: StormContent): Markup =>
  html`<div class="soft pad" style="${STYLES.footer}">${isolated(episode)}<br>Sent by tocsin.</div>`;

/** The HTML part of the mail about a storm. The findings get the room that the rest leaves. */
export function stormHtml(mail: StormMail, subject: string): string {
  const { storm } = mail;
  const whole = (shown: readonly Markup[]): string =>
    page(subject, `${storm.title}: ${storm.about}`, frame(card(mail, shown), footer(storm)));
  return whole(fittingRows(lines(storm.findings), LARGEST_HTML - Buffer.byteLength(whole([]))));
}
