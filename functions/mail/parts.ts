import { type Labelled, type MessageContent, SAMPLE_NOTE } from "../message/content";
import { html, isolated, type Markup, paragraphs } from "./html";
import { SAMPLE_BAND, STYLES } from "./style";

/** The pieces that mails are put together from. */

/** The coloured band on top: a word, and a note at its other end. */
export const band = (background: string, word: string, note: string): Markup => html`
<tr><td class="band pad" bgcolor="${background}" style="${STYLES.band}background-color:${background};"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="band" style="${STYLES.bandWord}">${word}</td><td class="band" align="right" style="${STYLES.bandNote}">${note}</td></tr></table></td></tr>`;

export const sampleBand = html`
<tr><td class="band pad" bgcolor="${SAMPLE_BAND}" style="${STYLES.band}background-color:${SAMPLE_BAND};"><div style="${STYLES.bandWord}">SAMPLE</div><div style="${STYLES.bandText}">${SAMPLE_NOTE}</div></td></tr>`;

export const table = (rows: readonly Markup[]): Markup | undefined =>
  rows.length === 0
    ? undefined
    : html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="${STYLES.table}">${rows}</table>`;

export const row = (label: string | Markup, value: Markup): Markup =>
  html`<tr><td class="label rule soft" width="112" valign="top" style="${STYLES.label}">${label}</td><td class="rule ink" valign="top" style="${STYLES.value}">${value}</td></tr>`;

/** A fact of the finding as a row: its label is a stranger's text too. */
export const factRow = ({ label, value }: Labelled): Markup => row(isolated(label), isolated(value));

/** Smaller and paler, below what it belongs to. */
export const detail = (text: string): Markup | undefined =>
  text === "" ? undefined : html`<div class="soft" style="${STYLES.detail}">${isolated(text)}</div>`;

export const heading = (text: string): Markup => html`<h2 class="ink" style="${STYLES.heading}">${text}</h2>`;
export const text = (content: string): Markup | undefined =>
  content === "" ? undefined : html`<p class="ink" style="${STYLES.text}">${paragraphs(content)}</p>`;
export const section = (title: string, ...parts: readonly (Markup | undefined)[]): Markup | undefined =>
  parts.every((part) => part === undefined) ? undefined : html`${heading(title)}${parts}`;
export const spaced = (part: Markup | undefined, pixels: number): Markup | undefined =>
  part && html`<div style="padding-top:${pixels}px;">${part}</div>`;

/** A cell that looks like a button in every mail program, Outlook's included. */
export function button(href: string, label: string | Markup, name: string, cellStyle: string, linkStyle: string): Markup {
  return html`<table class="wide" role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td class="${name}" style="${cellStyle}"><a class="${name}-link" href="${href}" style="${linkStyle}">${label}</a></td></tr></table>`;
}

/** Where somebody says what to do: the team itself, or the service that reports. */
export function guide({ runbook, remediation }: Pick<MessageContent, "runbook" | "remediation">): Markup | undefined {
  const label = runbook?.href === remediation.link?.href ? "How to fix it" : "Runbook";
  return (
    runbook &&
    button(
      runbook.href,
      html`${label} <span style="${STYLES.buttonHost}">(${runbook.host})</span>`,
      "btn2",
      STYLES.quietButton,
      STYLES.quietButtonLink,
    )
  );
}

/** Title, where it comes from, and why people get the mail. */
export const headline = (title: string, source: string, word: string, sentence: string): Markup => html`
<h1 class="ink" style="${STYLES.title}">${isolated(title)}</h1>
<p class="soft" style="${STYLES.source}">${isolated(source)}</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin-top:18px;"><tr><td class="panel ink" style="${STYLES.why}"><strong>${word}.</strong> ${sentence}</td></tr></table>`;

/** What stands in <body>: a card and what is below it. Word's engine knows no max-width, so that Outlook gets a table of 600 px around the card. */
export const frame = (card: Markup, footer: Markup): Markup => html`
<table class="page" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f3f5" style="${STYLES.page}"><tr><td class="outer" align="center" style="${STYLES.outer}">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table class="card" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" align="center" style="${STYLES.card}text-align:left;">${card}
</table>
<div align="left" style="max-width:600px;text-align:left;">${footer}</div>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr></table>`;
