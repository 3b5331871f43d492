import { CUT_NOTE, type MessageContent, type ShownResource } from "../message/content";
import { html, isolated, type Markup } from "./html";
import { band, button, detail, factRow, frame, guide, headline, row, sampleBand, section, spaced, table, text } from "./parts";
import { BANDS, STYLES } from "./style";

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

function happened(content: MessageContent, factRows: readonly Markup[], cut: boolean): Markup | undefined {
  const note = cut ? html`<p class="soft" style="${STYLES.detail}margin:10px 0 0;">${CUT_NOTE}</p>` : undefined;
  return section("What happened", text(content.description), spaced(table(factRows), content.description === "" ? 0 : 14), note);
}

function toDo(content: MessageContent): Markup | undefined {
  const advice = content.remediation.text;
  return section("What to do", text(advice), spaced(guide(content), advice === "" ? 2 : 14));
}

const consoleButton = ({ console }: MessageContent): Markup | undefined =>
  console && button(console.href, "Open in the AWS console", "btn", STYLES.button, STYLES.buttonLink);

function card(content: MessageContent, factRows: readonly Markup[], cut: boolean): Markup {
  const { severity, sample, title, source, why, region, timeline } = content;
  return html`${sample ? sampleBand : undefined}${band(BANDS[severity], severity, why.word)}
<tr><td class="pad" style="${STYLES.pad}">${headline(title, source, why.word, why.sentence)}
${spaced(table([account(content), ...(region === "" ? [] : [row("Region", isolated(region))]), ...resources(content), ...timeline.map(factRow)]), 18)}
${happened(content, factRows, cut)}
${toDo(content)}
${spaced(consoleButton(content), content.runbook === undefined ? 26 : 12)}
<div style="height:28px;line-height:28px;font-size:1px;">&nbsp;</div>
</td></tr>`;
}

const footer = ({ findingId, episode }: MessageContent): Markup =>
  html`<div class="soft pad" style="${STYLES.footer}">Finding ${isolated(findingId)}<br>Episode ${isolated(episode)}<br>Sent by tocsin.</div>`;

/** What stands in <body> of the mail about a finding. */
export const body = (content: MessageContent, factRows: readonly Markup[], cut: boolean): Markup =>
  frame(card(content, factRows, cut), footer(content));
