import { CUT_NOTE, type Labelled, type MessageContent, SAMPLE_NOTE, type ShownResource } from "../message/content";
import { html, isolated, type Markup, paragraphs } from "./html";
import { BANDS, SAMPLE_BAND, STYLES } from "./style";

const band = (background: string, word: string, note: string): Markup => html`
<tr><td class="band pad" bgcolor="${background}" style="${STYLES.band}background-color:${background};"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="band" style="${STYLES.bandWord}">${word}</td><td class="band" align="right" style="${STYLES.bandNote}">${note}</td></tr></table></td></tr>`;

const sampleBand = html`
<tr><td class="band pad" bgcolor="${SAMPLE_BAND}" style="${STYLES.band}background-color:${SAMPLE_BAND};"><div style="${STYLES.bandWord}">SAMPLE</div><div style="${STYLES.bandText}">${SAMPLE_NOTE}</div></td></tr>`;

const table = (rows: readonly Markup[]): Markup | undefined =>
  rows.length === 0
    ? undefined
    : html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="${STYLES.table}">${rows}</table>`;

const row = (label: string | Markup, value: Markup): Markup =>
  html`<tr><td class="label rule soft" width="112" valign="top" style="${STYLES.label}">${label}</td><td class="rule ink" valign="top" style="${STYLES.value}">${value}</td></tr>`;

/** A fact of the finding as a row: its label is a stranger's text too. */
export const factRow = ({ label, value }: Labelled): Markup => row(isolated(label), isolated(value));

const detail = (text: string): Markup | undefined =>
  text === "" ? undefined : html`<div class="soft" style="${STYLES.detail}">${isolated(text)}</div>`;

function account({ account: { id, name, path } }: MessageContent): Markup {
  const first =
    name === undefined
      ? html`<span style="${STYLES.strong}">${id}</span>`
      : html`<span style="${STYLES.strong}">${isolated(name)}</span> ${id}`;
  return row("Account", html`${first}${detail(path)}`);
}

const resource = ({ name, type, id }: ShownResource, index: number): Markup =>
  html`<div style="${index > 0 ? STYLES.gap : ""}${STYLES.strong}">${isolated(name)}</div>${detail(type)}${id === name ? undefined : html`<div class="soft" style="${STYLES.id}">${isolated(id)}</div>`}`;

function resources({ resources: shown, moreResources }: MessageContent): Markup[] {
  if (shown.length === 0) {
    return [];
  }
  const more = moreResources > 0 ? html`<div style="${STYLES.gap}">and ${moreResources} more</div>` : undefined;
  return [row(shown.length > 1 ? "Resources" : "Resource", html`${shown.map(resource)}${more}`)];
}

const heading = (text: string): Markup => html`<h2 class="ink" style="${STYLES.heading}">${text}</h2>`;
const text = (content: string): Markup | undefined =>
  content === "" ? undefined : html`<p class="ink" style="${STYLES.text}">${paragraphs(content)}</p>`;
const section = (title: string, ...parts: readonly (Markup | undefined)[]): Markup | undefined =>
  parts.every((part) => part === undefined) ? undefined : html`${heading(title)}${parts}`;
const spaced = (part: Markup | undefined, pixels: number): Markup | undefined =>
  part && html`<div style="padding-top:${pixels}px;">${part}</div>`;

function happened(content: MessageContent, factRows: readonly Markup[], cut: boolean): Markup | undefined {
  const note = cut ? html`<p class="soft" style="${STYLES.detail}margin:10px 0 0;">${CUT_NOTE}</p>` : undefined;
  return section("What happened", text(content.description), spaced(table(factRows), content.description === "" ? 0 : 14), note);
}

function toDo({ remediation: { text: advice, link } }: MessageContent): Markup | undefined {
  const guide =
    link &&
    button(
      link.href,
      html`How to fix it <span style="${STYLES.buttonHost}">(${link.host})</span>`,
      "btn2",
      STYLES.quietButton,
      STYLES.quietButtonLink,
    );
  return section("What to do", text(advice), spaced(guide, advice === "" ? 2 : 14));
}

/** A cell that looks like a button in every mail program, Outlook's included. */
function button(href: string, label: string | Markup, name: string, cellStyle: string, linkStyle: string): Markup {
  return html`<table class="wide" role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td class="${name}" style="${cellStyle}"><a class="${name}-link" href="${href}" style="${linkStyle}">${label}</a></td></tr></table>`;
}

const consoleButton = ({ console }: MessageContent): Markup | undefined =>
  console && button(console.href, "Open in the AWS console", "btn", STYLES.button, STYLES.buttonLink);

function card(content: MessageContent, factRows: readonly Markup[], cut: boolean): Markup {
  const { severity, sample, title, source, why, region, timeline } = content;
  return html`${sample ? sampleBand : undefined}${band(BANDS[severity], severity, why.word)}
<tr><td class="pad" style="${STYLES.pad}">
<h1 class="ink" style="${STYLES.title}">${isolated(title)}</h1>
<p class="soft" style="${STYLES.source}">${isolated(source)}</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin-top:18px;"><tr><td class="panel ink" style="${STYLES.why}"><strong>${why.word}.</strong> ${why.sentence}</td></tr></table>
${spaced(table([account(content), ...(region === "" ? [] : [row("Region", isolated(region))]), ...resources(content), ...timeline.map(factRow)]), 18)}
${happened(content, factRows, cut)}
${toDo(content)}
${spaced(consoleButton(content), content.remediation.link === undefined ? 26 : 12)}
<div style="height:28px;line-height:28px;font-size:1px;">&nbsp;</div>
</td></tr>`;
}

const footer = ({ findingId, episode }: MessageContent): Markup =>
  html`<div class="soft pad" style="${STYLES.footer}">Finding ${isolated(findingId)}<br>Episode ${isolated(episode)}<br>Sent by tocsin.</div>`;

/** What stands in <body>. Word's engine knows no max-width, so that Outlook gets a table of 600 px around the card. */
export const body = (content: MessageContent, factRows: readonly Markup[], cut: boolean): Markup => html`
<table class="page" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f3f5" style="${STYLES.page}"><tr><td class="outer" align="center" style="${STYLES.outer}">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table class="card" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" align="center" style="${STYLES.card}text-align:left;">${card(content, factRows, cut)}
</table>
<div align="left" style="max-width:600px;text-align:left;">${footer(content)}</div>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr></table>`;
