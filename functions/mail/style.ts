import type { Severity } from "../finding";

/** Colours by what they are for. Every text colour reads at 4.5:1 or better on every background it is used on (WCAG AA; a test computes it). */
export interface Palette {
  /** Backgrounds: behind the card, the card, boxes in the card. */
  readonly page: string;
  readonly card: string;
  readonly panel: string;
  readonly rule: string;
  /** Texts: main, secondary. */
  readonly ink: string;
  readonly soft: string;
  readonly button: string;
  readonly buttonText: string;
}

export const LIGHT: Palette = {
  page: "#f1f3f5",
  card: "#ffffff",
  panel: "#f6f7f9",
  rule: "#e1e5ea",
  ink: "#12171f",
  soft: "#515b68",
  button: "#1b2430",
  buttonText: "#ffffff",
};

export const DARK: Palette = {
  page: "#0e1116",
  card: "#191e25",
  panel: "#222932",
  rule: "#343c47",
  ink: "#f1f4f8",
  soft: "#b4bdc9",
  button: "#e8ecf1",
  buttonText: "#12171f",
};

/** Background of the severity band; its text is white, in the dark too. */
export const BANDS: Readonly<Record<Severity, string>> = {
  CRITICAL: "#b0102a",
  HIGH: "#b84a00",
  MEDIUM: "#836000",
  LOW: "#1f5fae",
  INFORMATIONAL: "#54606e",
};
export const BAND_TEXT = "#ffffff";
/** A sample's band is violet, whatever its severity: it must not frighten anybody. */
export const SAMPLE_BAND = "#6b3fa0";

const FONT = "font-family:-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif;";
const MONO = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;";
const BREAK = "word-break:break-word;overflow-wrap:anywhere;";

/** Inline styles: they are what every mail program honours, and they alone make the mail right in the light. */
export const STYLES = {
  body: `margin:0;padding:0;width:100%;background-color:${LIGHT.page};-webkit-text-size-adjust:100%;`,
  page: `background-color:${LIGHT.page};${FONT}`,
  outer: "padding:24px 12px;",
  card: `max-width:600px;background-color:${LIGHT.card};border:1px solid ${LIGHT.rule};border-radius:10px;border-collapse:separate;overflow:hidden;table-layout:fixed;`,
  pad: "padding:0 28px;",
  band: "padding:13px 28px;",
  bandWord: `font-size:15px;line-height:20px;font-weight:700;letter-spacing:0.08em;color:${BAND_TEXT};${FONT}`,
  bandNote: `font-size:14px;line-height:20px;font-weight:600;color:${BAND_TEXT};${FONT}`,
  bandText: `padding-top:2px;font-size:14px;line-height:20px;color:${BAND_TEXT};${FONT}`,
  title: `margin:0;padding:24px 0 6px;font-size:21px;line-height:28px;font-weight:700;color:${LIGHT.ink};${BREAK}`,
  source: `margin:0;font-size:14px;line-height:20px;color:${LIGHT.soft};${BREAK}`,
  why: `padding:12px 14px;background-color:${LIGHT.panel};border-radius:6px;font-size:15px;line-height:22px;color:${LIGHT.ink};`,
  heading: `margin:0;padding:26px 0 8px;font-size:15px;line-height:20px;font-weight:700;color:${LIGHT.ink};`,
  text: `margin:0;font-size:15px;line-height:23px;color:${LIGHT.ink};${BREAK}`,
  table: "width:100%;table-layout:fixed;border-collapse:collapse;",
  label: `width:112px;padding:8px 12px 8px 0;border-top:1px solid ${LIGHT.rule};vertical-align:top;text-align:left;font-size:14px;line-height:21px;font-weight:400;color:${LIGHT.soft};${BREAK}`,
  value: `padding:8px 0;border-top:1px solid ${LIGHT.rule};vertical-align:top;font-size:15px;line-height:21px;color:${LIGHT.ink};${BREAK}`,
  gap: "padding-top:10px;",
  strong: "font-weight:600;",
  detail: `font-size:13px;line-height:19px;color:${LIGHT.soft};`,
  id: `font-size:12px;line-height:18px;color:${LIGHT.soft};${MONO}word-break:break-all;`,
  line: `padding:7px 0;border-top:1px solid ${LIGHT.rule};font-size:13px;line-height:19px;color:${LIGHT.ink};word-break:break-all;`,
  lineDetail: `color:${LIGHT.soft};`,
  group: `padding:14px 0 6px;font-size:13px;line-height:19px;font-weight:700;letter-spacing:0.06em;color:${LIGHT.soft};`,
  button: `background-color:${LIGHT.button};border-radius:6px;text-align:center;`,
  buttonLink: `display:block;padding:13px 22px;font-size:15px;line-height:20px;font-weight:600;color:${LIGHT.buttonText};text-decoration:none;${FONT}`,
  quietButton: `background-color:${LIGHT.card};border:1px solid ${LIGHT.soft};border-radius:6px;text-align:center;`,
  quietButtonLink: `display:block;padding:12px 22px;font-size:15px;line-height:20px;font-weight:600;color:${LIGHT.ink};text-decoration:none;${BREAK}${FONT}`,
  buttonHost: "font-weight:400;",
  footer: `max-width:600px;padding:16px 28px 0;font-size:12px;line-height:18px;color:${LIGHT.soft};word-break:break-all;`,
  preheader:
    "display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;color:transparent;mso-hide:all;",
};

type Rules = Readonly<Record<string, string>>;
const DARK_TEXTS: Rules = {
  ".ink": `color:${DARK.ink}!important`,
  ".soft": `color:${DARK.soft}!important`,
  ".btn2-link": `color:${DARK.ink}!important`,
  ".btn-link": `color:${DARK.buttonText}!important`,
  ".band": `color:${BAND_TEXT}!important`,
};
const DARK_BACKGROUNDS: Rules = {
  ".page": `background-color:${DARK.page}!important`,
  ".card": `background-color:${DARK.card}!important;border-color:${DARK.rule}!important`,
  ".panel": `background-color:${DARK.panel}!important`,
  ".rule": `border-color:${DARK.rule}!important`,
  ".btn2": `background-color:${DARK.card}!important;border-color:${DARK.soft}!important`,
  ".btn": `background-color:${DARK.button}!important`,
};
const rules = (set: Rules, prefix = ""): string =>
  Object.entries(set)
    .map(([selector, declarations]) => `${prefix}${selector}{${declarations}}`)
    .join("\n");

/** Narrow screens and dark mode, for the programs that read style sheets. */
export const STYLE_SHEET = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (max-width:480px){
.outer{padding:0 0 16px!important}
.card{border-left:0!important;border-right:0!important;border-radius:0!important}
.pad{padding-left:18px!important;padding-right:18px!important}
.label{width:92px!important}
.wide{width:100%!important}
}
@media (prefers-color-scheme:dark){
${rules({ ...DARK_TEXTS, ...DARK_BACKGROUNDS })}
}`;

/** Outlook's own dark mode. A sheet of its own: Gmail drops a whole sheet when it meets a selector it does not know. */
export const OUTLOOK_STYLE_SHEET = `${rules(DARK_TEXTS, "[data-ogsc] ")}\n${rules(DARK_BACKGROUNDS, "[data-ogsb] ")}`;
