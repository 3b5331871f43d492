import { z } from "zod";

const text = z.string().nullish();

const decision = z.object({
  kind: z.literal("decision"),
  event: z.string(),
  decision: z.enum(["notify", "quiet"]),
  reason: z.string(),
  episode: text,
  finding: text,
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
  storm: text,
});

/** Findings that a message of a storm tells of: as many lines as it takes, before the line of the delivery. */
const storm = z.object({ kind: z.literal("storm"), storm: z.string(), channel: z.string(), findingIds: z.array(z.string()) });

const closed = z.object({ kind: z.literal("closed"), episode: z.string(), title: text, why: text });

/** A person's press of a button as it was judged. */
const press = z.object({ kind: z.literal("press"), button: text, user: text, accepted: z.boolean(), reason: text });

/** A call that changed something: with what undoes it, or what it undoes. */
const change = z.object({
  kind: z.literal("change"),
  id: text,
  accountId: z.string(),
  region: z.string(),
  service: z.string(),
  operation: z.string(),
  undo: text,
  undoes: text,
});

/** A decision as triage logs it. */
export type DecisionLine = z.infer<typeof decision>;
/** A delivery as a channel's function logs it. */
export type DeliveryLine = z.infer<typeof delivery>;
/** Findings of a storm as a channel's function logs them. */
export type StormLine = z.infer<typeof storm>;

/** An episode's end as reconcile logs it. */
export type ClosedLine = z.infer<typeof closed>;

export type PressLine = z.infer<typeof press>;
export type ChangeLine = z.infer<typeof change>;

const line = z.discriminatedUnion("kind", [decision, delivery, storm, closed, press, change]);

/** The decision, delivery, storm, closing, press or change that a line of a function's log reports, as an operator would read it in CloudWatch Logs; undefined for any other line. */
export function parseLogLine(logged: string): z.infer<typeof line> | undefined {
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
