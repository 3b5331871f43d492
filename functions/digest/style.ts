import { BAND_TEXT, LIGHT, STYLES } from "../mail/style";

/** Background of the band: no severity's, because a digest is about all of them. */
export const DIGEST_BAND = "#2b4b76";

/** Inline styles of what only a digest has. Colours come with the classes of mail/style.ts, so that the dark mode of the mails is that of the digest. */
export const DIGEST_STYLES = {
  ...STYLES,
  figures: `background-color:${LIGHT.panel};border-radius:6px;`,
  figure: "padding:12px 4px 12px 14px;vertical-align:top;text-align:left;",
  figureNumber: `font-size:24px;line-height:30px;font-weight:700;color:${LIGHT.ink};`,
  figureWord: `font-size:13px;line-height:18px;color:${LIGHT.soft};`,
  chartLabel: `padding:5px 12px 5px 0;font-size:13px;line-height:18px;font-weight:600;text-align:left;color:${LIGHT.ink};`,
  chartBar: "padding:5px 0;vertical-align:middle;",
  bar: "height:14px;line-height:14px;font-size:1px;border-radius:3px;",
  chartCount: `padding:5px 0 5px 12px;font-size:14px;line-height:18px;font-weight:600;text-align:right;color:${LIGHT.ink};`,
  item: `padding:9px 0;border-top:1px solid ${LIGHT.rule};vertical-align:top;text-align:left;`,
  itemText: `font-size:15px;line-height:21px;color:${LIGHT.ink};word-break:break-word;overflow-wrap:anywhere;`,
  itemNumber: `padding:9px 0 9px 12px;border-top:1px solid ${LIGHT.rule};vertical-align:top;text-align:right;font-size:15px;line-height:21px;font-weight:600;color:${LIGHT.ink};`,
  itemDetail: `padding-top:2px;font-size:13px;line-height:19px;color:${LIGHT.soft};word-break:break-word;overflow-wrap:anywhere;`,
  itemLink: `color:${LIGHT.ink};text-decoration:underline;text-decoration-color:#aab4c0;text-underline-offset:2px;`,
  chip: `padding:1px 6px;border-radius:3px;font-size:11px;line-height:16px;font-weight:700;letter-spacing:0.04em;color:${BAND_TEXT};white-space:nowrap;`,
  note: `margin:0;padding-top:14px;font-size:13px;line-height:19px;color:${LIGHT.soft};`,
  more: `margin:0;padding:8px 0 0;font-size:13px;line-height:19px;color:${LIGHT.soft};`,
};
