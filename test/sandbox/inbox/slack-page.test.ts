import assert from "node:assert/strict";
import { slackPage } from "../../../sandbox/inbox/slack-page";

const page = (payload: Record<string, unknown>, more: { reactions?: readonly string[] } = {}) =>
  slackPage({ at: "2026-03-01T09:00:00.000Z", channel: "soc-slack", payload, ...more });
const block = (one: object) => page({ blocks: [one] });
const mrkdwn = (text: string) => block({ type: "section", text: { type: "mrkdwn", text } });

const TAME = /^<\/?(?:html|body|div|span|b|i|s|a|br|code|pre|ul|ol|li|table|tr|td)(?: (?:class|style|rel|href)="[^"<>]*")*>$/;

/** Whether all tags below the head are of the page's own making, and links lead to web pages. */
function assertTame(html: string): void {
  const body = html.slice(html.indexOf("<body>"));
  assert.deepEqual(
    (body.match(/<[^>]*>/g) ?? []).filter((tag) => !TAME.test(tag) || /href="(?!https?:)/.test(tag)),
    [],
  );
}

describe("A Slack message as a page", () => {
  it("shows headers, texts, fields, buttons and small print, and its attachments beside their bars", () => {
    const html = page({
      text: "not shown where there are blocks",
      blocks: [
        { type: "header", text: { type: "plain_text", text: "HIGH · web" } },
        {
          type: "section",
          fields: [
            { type: "mrkdwn", text: "*Region*" },
            { type: "plain_text", text: "eu-west-1" },
          ],
        },
        {
          type: "actions",
          elements: [
            {
              type: "button",
              style: "primary",
              url: "https://console.aws.amazon.com/?a=1&b=2",
              text: { type: "plain_text", text: "Open" },
            },
          ],
        },
      ],
      attachments: [{ color: "#b0102a", blocks: [{ type: "context", elements: [{ type: "plain_text", text: "small" }] }] }],
    });
    for (const part of [
      '<div class="header">HIGH · web</div>',
      "<div><b>Region</b></div><div>eu-west-1</div>",
      'href="https://console.aws.amazon.com/?a=1&amp;b=2"',
      '<span class="button primary">Open</span>',
      'style="border-color: #b0102a"><div class="context">small</div>',
    ]) {
      assert.ok(html.includes(part), part);
    }
    assert.ok(!html.includes("not shown"));
  });

  it("shows rich text with its styles, lists and code", () => {
    const html = block({
      type: "rich_text",
      elements: [
        {
          type: "rich_text_section",
          elements: [
            { type: "text", text: "a\nb", style: { bold: true } },
            { type: "link", url: "https://x.example/", text: "x" },
          ],
        },
        { type: "rich_text_list", style: "bullet", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "one" }] }] },
        { type: "rich_text_preformatted", elements: [{ type: "text", text: "code" }] },
      ],
    });
    assert.ok(html.includes('<b>a<br>b</b><a href="https://x.example/" rel="noreferrer">x</a><ul><li>one</li></ul><pre>code</pre>'));
  });

  it("reads Slack's markup, and only in texts that have it", () => {
    assert.match(
      mrkdwn("*bold* _soft_ ~gone~ `code` <https://x.example/|a link> <!channel> &lt;b&gt;"),
      /<b>bold<\/b> <i>soft<\/i> <s>gone<\/s> <code>code<\/code>/,
    );
    assert.match(mrkdwn("<https://x.example/|a link>"), /<a href="https:\/\/x\.example\/" rel="noreferrer">a link<\/a>/);
    assert.match(mrkdwn("<!channel>"), /<span class="mention">@channel<\/span>/);
    assert.match(mrkdwn("a &lt;b&gt; &amp;amp;"), />a &lt;b&gt; &amp;amp;</);
    assert.match(block({ type: "section", text: { type: "plain_text", text: "*plain* <!channel>" } }), />\*plain\* &lt;!channel&gt;</);
  });

  const hostile = `</div><script>alert(1)</script>"' onload='x' <img src=x>`;
  const places: Record<string, object> = {
    "a header": { type: "header", text: { type: "plain_text", text: hostile } },
    markup: { type: "section", text: { type: "mrkdwn", text: hostile } },
    "code in markup": { type: "section", text: { type: "mrkdwn", text: `\`${hostile}\` \`\`\`${hostile}\`\`\`` } },
    "a link's label": { type: "section", text: { type: "mrkdwn", text: `<https://x.example/"onclick="x|${hostile}` } },
    "a button": {
      type: "actions",
      elements: [{ type: "button", url: `https://x.example/${hostile}`, text: { type: "plain_text", text: hostile } }],
    },
    "rich text": {
      type: "rich_text",
      elements: [
        {
          type: "rich_text_section",
          elements: [
            { type: "text", text: hostile },
            { type: "link", url: `javascript:${hostile}` },
            { type: "emoji", name: hostile },
          ],
        },
      ],
    },
    "a table": { type: "table", rows: [[{ type: "raw_text", text: hostile }]] },
    "a picture's text": { type: "context", elements: [{ type: "image", alt_text: hostile }] },
    "the name of a block": { type: hostile },
  };
  for (const [name, one] of Object.entries(places)) {
    it(`keeps hostile text in ${name} text`, () => {
      const html = block(one);
      assertTame(html);
    });
  }

  it("lets no colour out of its style, and no link run anything", () => {
    assert.match(page({ attachments: [{ color: "red; background: url(//x)", text: "t" }] }), /style="border-color: #dddddd"/);
    assert.doesNotMatch(mrkdwn("<javascript:alert(1)|press>"), /href/);
  });

  it("shows reactions and that it is a reply", () => {
    const html = page({ text: "t", thread_ts: "1.2", reply_broadcast: true }, { reactions: ["white_check_mark", "<x>"] });
    assert.match(html, /replied to a thread and told the channel/);
    assert.match(html, /✅ 1<\/span>.*:&lt;x&gt;: 1<\/span>/);
  });
});
