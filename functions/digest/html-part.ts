import type { Severity } from "../finding";
import { html, isolated, type Markup } from "../mail/html";
import { band, frame, section, table } from "../mail/parts";
import { BANDS } from "../mail/style";
import { counted } from "../message/words";
import type { AccountRow, DigestContent, Listed, MuteRow, Row } from "./content";
import { DIGEST_BAND, DIGEST_STYLES as STYLES } from "./style";
import { CUT_NOTE, figuresOf, remarkOn, sentenceOf, severitiesInWords } from "./summary";

const figure = ({ count, word }: { readonly count: number; readonly word: string }): Markup =>
  html`<td width="25%" style="${STYLES.figure}"><div class="ink" style="${STYLES.figureNumber}">${count.toLocaleString("en-US")}</div><div class="soft" style="${STYLES.figureWord}">${word}</div></td>`;

const figures = (content: DigestContent): Markup => html`
<table class="panel" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="${STYLES.figures}"><tr>${figuresOf(content).map(figure)}</tr></table>`;

/** A bar by its share of the longest, without an image. A zero-width cell would be as wide as some mail programs like, so there is none. */
function bar(severity: Severity, share: number): Markup {
  const percent = Math.max(2, Math.round(share * 100));
  const rest = percent < 100 ? html`<td width="${100 - percent}%" style="${STYLES.bar}">&nbsp;</td>` : undefined;
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td width="${percent}%" bgcolor="${BANDS[severity]}" style="${STYLES.bar}background-color:${BANDS[severity]};">&nbsp;</td>${rest}</tr></table>`;
}

function chart({ severities }: DigestContent): Markup | undefined {
  const most = Math.max(...severities.map(({ count }) => count));
  const rows = severities.map(
    ({ severity, count }) =>
      html`<tr><td class="ink" width="112" style="${STYLES.chartLabel}">${severity}</td><td style="${STYLES.chartBar}">${bar(severity, count / most)}</td><td class="ink" width="64" style="${STYLES.chartCount}">${count.toLocaleString("en-US")}</td></tr>`,
  );
  return section("Open by severity", table(rows));
}

/** A list under its heading; nothing at all where there is nothing to list. */
function list<T>(title: string, { rows, more }: Listed<T>, row: (item: T) => Markup, noun: string): Markup | undefined {
  const note = more > 0 ? html`<p class="soft" style="${STYLES.more}">and ${counted(more, `more ${noun}`)}</p>` : undefined;
  return section(title, table(rows.map(row)), note);
}

const item = (first: Markup, second: Markup, end?: Markup): Markup =>
  html`<tr><td class="rule" style="${STYLES.item}"><div class="ink" style="${STYLES.itemText}">${first}</div><div class="soft" style="${STYLES.itemDetail}">${second}</div></td>${end}</tr>`;

const accountRow = ({ name, id, path, open, severities }: AccountRow): Markup =>
  item(
    html`<strong>${isolated(name)}</strong>${id && html` ${isolated(id)}`}`,
    html`${path === "" ? undefined : html`${isolated(path)} · `}${severitiesInWords(severities)}`,
    html`<td class="rule ink" width="64" style="${STYLES.itemNumber}">${open.toLocaleString("en-US")}</td>`,
  );

const chip = (severity: Severity): Markup =>
  html`<span class="band" style="background-color:${BANDS[severity]};${STYLES.chip}">${severity}</span>`;

function findingRow({ severity, title, account, place, when, href }: Row): Markup {
  const named = isolated(title);
  const linked = href === undefined ? named : html`<a class="ink" href="${href}" style="${STYLES.itemLink}">${named}</a>`;
  return item(html`${chip(severity)} ${linked}`, html`${isolated(account)} · ${isolated(place)} · ${isolated(when)}`);
}

const muteRow = ({ reason, owner, about, until, state }: MuteRow): Markup =>
  item(html`<strong>${isolated(reason)}</strong> · ${state} · owner ${isolated(owner)}`, html`${isolated(about)}; ${until}`);

const findings = ({ heading: title, list: found }: DigestContent["lists"][number]): Markup | undefined =>
  list(title, found, findingRow, "finding");

const note = (text: string): Markup => html`<p class="soft" style="${STYLES.note}">${text}</p>`;

function card(content: DigestContent, isCut: boolean): Markup {
  const remark = remarkOn(content);
  return html`${band(DIGEST_BAND, "DIGEST", content.period)}
<tr><td class="pad" style="${STYLES.pad}">
<h1 class="ink" style="${STYLES.title}">${sentenceOf(content)}</h1>
<p class="soft" style="${STYLES.source}padding-bottom:18px;">${isolated(content.route)}<br>${content.span}</p>
${figures(content)}
${remark && note(remark)}
${chart(content)}
${content.lists.slice(0, 1).map(findings)}
${list("Open by account", content.accounts, accountRow, "account")}
${content.lists.slice(1).map(findings)}
${list("Mutes", content.mutes, muteRow, "mute")}
${isCut ? note(CUT_NOTE) : undefined}
<div style="height:28px;line-height:28px;font-size:1px;">&nbsp;</div>
</td></tr>`;
}

/** What stands in <body>. */
export const digestBody = (content: DigestContent, isCut: boolean): Markup =>
  frame(card(content, isCut), html`<div class="soft pad" style="${STYLES.footer}">Sent by tocsin, ${content.period}.</div>`);
