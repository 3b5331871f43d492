import { z } from "zod";

const text = z.string().nullish();

const decision = z.object({
  kind: z.literal("decision"),
  event: z.string(),
  decision: z.enum(["notify", "quiet"]),
  reason: z.string(),
  episode: text,
});

const delivery = z.object({
  kind: z.literal("delivery"),
  channel: z.string(),
  messageId: z.string(),
  reason: text,
  episode: text,
  findingIds: z.array(z.string()).default([]),
  origin: text,
  severity: text,
  accountId: text,
  accountName: text,
  region: text,
  resource: text,
  title: text,
});

const closed = z.object({ kind: z.literal("closed"), episode: z.string(), title: text, why: text });

/** A decision as triage logs it. */
export type DecisionLine = z.infer<typeof decision>;
/** A delivery as a channel's function logs it. */
export type DeliveryLine = z.infer<typeof delivery>;

/** An episode's end as reconcile logs it. */
export type ClosedLine = z.infer<typeof closed>;

const line = z.discriminatedUnion("kind", [decision, delivery, closed]);

/** The decision, delivery or closing that a line of a function's log reports, as an operator would read it in CloudWatch Logs; undefined for any other line. */
export function parseLogLine(logged: string): DecisionLine | DeliveryLine | ClosedLine | undefined {
  const start = logged.indexOf("{");
  if (start < 0) {
    return undefined;
  }
  try {
    return line.safeParse(JSON.parse(logged.slice(start))).data;
  } catch {
    return undefined;
  }
}
