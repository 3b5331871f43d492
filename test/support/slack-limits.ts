import { z } from "zod";

/*
 * What Slack accepts, as far as we use it: anything else is a fault. Limits of https://docs.slack.dev/reference/block-kit and
 * https://docs.slack.dev/reference/methods/chat.postMessage#truncating; two that no page tells are from reports.
 */
const text = (longest: number) => z.string().min(1).max(longest).regex(/\S/, "is blank");
const plain = (longest: number) => z.strictObject({ type: z.literal("plain_text"), text: text(longest), emoji: z.boolean().optional() });
const mrkdwn = (longest: number) => z.strictObject({ type: z.literal("mrkdwn"), text: text(longest), verbatim: z.literal(true) });
const anyText = (longest: number) => z.discriminatedUnion("type", [plain(longest), mrkdwn(longest)]);
const url = z.url({ protocol: /^https$/ }).max(3_000);

const button = z.strictObject({
  type: z.literal("button"),
  action_id: text(255),
  text: plain(75),
  url: url.optional(),
  value: text(2_000).optional(),
  style: z.enum(["primary", "danger"]).optional(),
  // https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
  confirm: z
    .strictObject({ title: plain(100), text: plain(300), confirm: plain(30), deny: plain(30), style: z.enum(["primary", "danger"]) })
    .optional(),
});
const actions = z.strictObject({
  type: z.literal("actions"),
  elements: z
    .array(button)
    .min(1)
    .max(25)
    .refine((all) => new Set(all.map(({ action_id }) => action_id)).size === all.length, "has two elements of one action_id"),
});
const style = z.strictObject({ bold: z.boolean().optional(), italic: z.boolean().optional(), code: z.boolean().optional() });
const richText = z.strictObject({
  type: z.literal("rich_text"),
  elements: z
    .array(
      z.strictObject({
        type: z.literal("rich_text_section"),
        elements: z
          .array(
            z.discriminatedUnion("type", [
              z.strictObject({ type: z.literal("text"), text: z.string().min(1), style: style.optional() }),
              z.strictObject({ type: z.literal("user"), user_id: z.string().regex(/^[UW][A-Z0-9]{5,}$/), style: style.optional() }),
            ]),
          )
          .min(1),
      }),
    )
    .min(1),
});
const section = z
  .strictObject({ type: z.literal("section"), text: anyText(3_000).optional(), fields: z.array(anyText(2_000)).min(1).max(10).optional() })
  .refine((block) => block.text !== undefined || block.fields !== undefined, "has neither text nor fields");
const header = z.strictObject({ type: z.literal("header"), text: plain(150) });
const context = z.strictObject({ type: z.literal("context"), elements: z.array(anyText(3_000)).min(1).max(10) });
const divider = z.strictObject({ type: z.literal("divider") });
const simple = [header, section, context, actions, divider] as const;

const attachment = z.strictObject({
  color: z.string().regex(/^#[0-9a-f]{6}$/),
  // More than 20 are refused as invalid_attachments (https://github.com/slackapi/bolt-python/issues/914); rich_text is not known to work here.
  blocks: z.array(z.union(simple)).min(1).max(20),
});

/** What can be sent to `chat.postMessage` (with `channel`) and to an incoming webhook. */
export const slackMessageSchema = z
  .strictObject({
    channel: z
      .string()
      .regex(/^[CG][A-Z0-9]{8,}$/)
      .optional(),
    thread_ts: z
      .string()
      .regex(/^\d{10}\.\d{6}$/)
      .optional(),
    reply_broadcast: z.boolean().optional(),
    // 4,000 characters are recommended, 40,000 accepted.
    text: text(4_000),
    blocks: z
      .array(z.union([...simple, richText]))
      .min(1)
      .max(50),
    attachments: z.array(attachment).max(20),
    mrkdwn: z.literal(false),
    unfurl_links: z.literal(false),
    unfurl_media: z.literal(false),
  })
  // msg_blocks_too_long from about 13,200 on (https://github.com/slackapi/bolt-js/issues/2509).
  .refine(({ blocks, attachments }) => JSON.stringify([blocks, attachments]).length <= 13_000, "is longer than Slack accepts");
