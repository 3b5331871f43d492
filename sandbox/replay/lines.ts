import { z } from "zod";
import { ACCOUNTS, canBeAccount } from "../organization";
import type { Asff, Fault, Place } from "../types";
import { lineDuration } from "./duration";
import { hasTemplate, RESERVED_NAMES } from "./templates";

type JsonObject = Record<string, unknown>;

/** A fault as a line asks for it: `for` counts from the time at which the line is played. */
export type LineFault = Omit<Fault, "until"> & { readonly forMilliseconds?: number };

/** A press of a button as a line asks for it. */
export interface LinePress {
  /** Absent only in a replay, which is of the last request. */
  readonly button?: string | undefined;
  readonly user?: string | undefined;
  /** Index among the deliveries. */
  readonly message: "last" | number;
  readonly signature: "good" | "bad";
  /** How old the request says to be. */
  readonly ageMilliseconds: number;
  readonly times: number;
  readonly replay: boolean;
}

/** What a line makes happen. */
export type Action =
  | { readonly kind: "events"; readonly place: Place; readonly events: readonly JsonObject[] }
  | { readonly kind: "securityHub"; readonly findings: readonly Asff[] }
  | { readonly kind: "putEvents"; readonly place: Place; readonly bus: "default" | "central"; readonly entries: readonly JsonObject[] }
  | { readonly kind: "advance"; readonly milliseconds: number }
  | { readonly kind: "run"; readonly schedule: string }
  | { readonly kind: "fault"; readonly fault: LineFault }
  | {
      readonly kind: "aws";
      readonly place: Place;
      readonly service: string;
      readonly operation: string;
      readonly input: JsonObject;
      readonly as?: string;
    }
  | { readonly kind: "press"; readonly press: LinePress }
  /** `id` is null for all changes. */
  | { readonly kind: "undo"; readonly id: string | null; readonly as?: string }
  /** Only the clock moves. */
  | { readonly kind: "at" };

/** A line of a replay file, understood. */
export interface LineContent {
  /** Time to move the clock to first, milliseconds since the epoch. */
  readonly at?: number;
  readonly action: Action;
}

/** Why a line cannot be understood: one sentence without its number. */
export class LineFaultyError extends Error {}

/** Services that calls of functions can be made to fail at: signing names as the SDK has them, and the receivers outside AWS. */
const FAULT_SERVICES = [
  ...["dynamodb", "ses", "sqs", "states", "lambda", "events", "scheduler", "sns", "secretsmanager", "securityhub", "organizations", "s3"],
  ...["ec2", "iam", "sts", "ssm", "logs", "monitoring", "guardduty", "inspector2", "cloudtrail", "cloudformation", "kms", "xray"],
  ...["slack", "teams", "webhook"],
];

const object = z.record(z.string(), z.unknown(), { error: "expected an object" });
const name = z.string().min(1, "must not be empty");
const wholeNumber = z.int("expected a whole number").min(0, "must not be negative");

const duration = z.string().transform((text, context) => {
  try {
    return lineDuration(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
});

const account = z.string().transform((given, context) => {
  const found = ACCOUNTS.find(({ id, name }) => given === name || given === id);
  if (!found && !canBeAccount(given) && !hasTemplate(given)) {
    context.addIssue({ code: "custom", message: unknownAccount(given) });
  }
  return found?.id ?? given;
});

const unknownAccount = (given: string): string => `unknown account "${given}"; accounts: ${ACCOUNTS.map(({ name }) => name).join(", ")}`;

const region = z
  .string()
  .refine((given) => hasTemplate(given) || /^[a-z]{2}(-[a-z]+)+-\d$/.test(given), { error: "expected a Region such as eu-west-1" });

const place = { account, region };

const event = z.looseObject({ source: name, "detail-type": name, detail: object.default({}) });

const finding = z.looseObject({ Id: name, ProductArn: name, AwsAccountId: z.string() }).superRefine(({ AwsAccountId: owner }, context) => {
  if (!hasTemplate(owner) && !canBeAccount(owner)) {
    context.addIssue({ code: "custom", path: ["AwsAccountId"], message: unknownAccount(owner) });
  }
});

const entry = z.looseObject({
  Source: name,
  DetailType: name,
  Detail: z.union([z.string(), object], "expected an object, or one as JSON text"),
});

/** Slack's Web API tells of its errors with status 200, AWS of the caller's with 400. */
const usualStatus = (service: string): number => (service === "slack" ? 200 : 400);

const fault = z
  .strictObject({
    service: z.string().refine((given) => FAULT_SERVICES.includes(given), {
      error: ({ input }) => `unknown service "${input}"; services: ${FAULT_SERVICES.join(", ")}`,
    }),
    operation: name.optional(),
    error: name.optional(),
    status: z.int("expected a whole number").max(599, "must be an HTTP status up to 599").optional(),
    times: wholeNumber.optional(),
    for: duration.optional(),
  })
  .superRefine(({ service, status, times, for: period, error }, context) => {
    if (status !== undefined && status < 400 && !(status === 200 && service === "slack")) {
      context.addIssue({ code: "custom", path: ["status"], message: "must be an HTTP status from 400" });
    }
    if ((times === undefined) === (period === undefined)) {
      context.addIssue({ code: "custom", message: 'needs either "times" or "for"' });
    } else if (times !== 0 && error === undefined) {
      context.addIssue({
        code: "custom",
        message: 'needs "error", the code that the service would answer, for example ThrottlingException',
      });
    }
  })
  .transform(
    ({ service, operation, error = "ServiceUnavailable", status = usualStatus(service), times, for: period }): LineFault => ({
      service,
      operation,
      error,
      status,
      times,
      forMilliseconds: period,
    }),
  );

const answerName = z
  .string()
  .regex(/^[A-Za-z_][\w-]*$/, "expected a name of letters, digits, _ and -")
  .refine((given) => !(RESERVED_NAMES as readonly string[]).includes(given), {
    error: ({ input }) => `"${input}" means something already`,
  });

const press = z
  .strictObject({
    button: name.optional(),
    user: name.optional(),
    message: z.union([z.literal("last"), wholeNumber], 'expected "last" or an index in deliveries').default("last"),
    signature: z.enum(["good", "bad"]).default("good"),
    age: duration.default(0),
    times: z.int("expected a whole number").min(1, "must be at least 1").max(100, "must be at most 100").default(1),
    replay: z.boolean().default(false),
  })
  .superRefine(({ button, user, replay }, context) => {
    if (!replay && (button === undefined || user === undefined)) {
      context.addIssue({ code: "custom", message: 'needs "button" and "user"' });
    }
  })
  .transform(({ age, ...rest }): LinePress => ({ ...rest, ageMilliseconds: age }));

/** What a kind of line looks like besides the field that names it. */
const KINDS = {
  event: z
    .strictObject({ ...place, event })
    .transform(({ account, region, event }): Action => ({ kind: "events", place: { account, region }, events: [event] })),
  events: z
    .strictObject({ ...place, events: z.array(event).min(1, "must not be empty") })
    .transform(({ account, region, events }): Action => ({ kind: "events", place: { account, region }, events })),
  securityHub: z
    .strictObject({ securityHub: z.strictObject({ findings: z.array(finding).min(1, "must not be empty") }) })
    .transform(({ securityHub: { findings } }): Action => ({ kind: "securityHub", findings })),
  putEvents: z
    .strictObject({
      putEvents: z.strictObject({
        ...place,
        bus: z.enum(["default", "central"]).default("default"),
        entries: z.array(entry).min(1, "must not be empty"),
      }),
    })
    .transform(
      ({ putEvents: { account, region, bus, entries } }): Action => ({ kind: "putEvents", place: { account, region }, bus, entries }),
    ),
  advance: z.strictObject({ advance: duration }).transform(({ advance }): Action => ({ kind: "advance", milliseconds: advance })),
  run: z.strictObject({ run: name }).transform(({ run }): Action => ({ kind: "run", schedule: run })),
  fault: z.strictObject({ fault }).transform(({ fault }): Action => ({ kind: "fault", fault })),
  press: z.strictObject({ press }).transform(({ press }): Action => ({ kind: "press", press })),
  undo: z
    .strictObject({ undo: name, as: answerName.optional() })
    .transform(({ undo, ...rest }): Action => ({ kind: "undo", id: undo === "all" ? null : undo, ...rest })),
  aws: z
    .strictObject({
      aws: z.strictObject({ ...place, service: name, operation: name, input: object.default({}), as: answerName.optional() }),
    })
    .transform(({ aws: { account, region, ...call } }): Action => ({ kind: "aws", place: { account, region }, ...call })),
} as const satisfies Record<string, z.ZodType<Action>>;

/** Lines of the format that need parts of tocsin which this sandbox does not have. */
const NOT_EMULATED: Readonly<Record<string, string>> = {
  plant: "planted logs, agents, scans and trails",
};

const FIELDS = [...Object.keys(KINDS), ...Object.keys(NOT_EMULATED)];

const time = z.iso.datetime({ offset: true, error: "expected an ISO time such as 2026-03-01T09:00:00Z" });

/**
 * Understands one line.
 * @param line the line as JSON, templates filled in as far as they can be.
 * @throws LineFaultyError
 */
export function parseLine(line: unknown): LineContent {
  if (typeof line !== "object" || line === null || Array.isArray(line)) {
    throw new LineFaultyError(`is not a JSON object`);
  }
  const { at: given, ...rest } = line as JsonObject;
  const at = given === undefined ? undefined : Date.parse(check(z.object({ at: time }), { at: given }).at);
  const kinds = Object.keys(rest).filter((key) => FIELDS.includes(key));
  const [kind] = kinds;
  if (kind === undefined) {
    if (at !== undefined && Object.keys(rest).length === 0) {
      return { at, action: { kind: "at" } };
    }
    throw new LineFaultyError(`has nothing to do: it needs one of ${FIELDS.join(", ")}`);
  }
  if (kinds.length > 1) {
    throw new LineFaultyError(`has both "${kind}" and "${kinds[1]}", but a line does one thing`);
  }
  const notEmulated = Object.hasOwn(NOT_EMULATED, kind) ? NOT_EMULATED[kind] : undefined;
  if (notEmulated !== undefined) {
    throw new LineFaultyError(`the sandbox cannot emulate ${notEmulated} ("${kind}") yet`);
  }
  return { at, action: check<Action>(KINDS[kind as keyof typeof KINDS], rest) };
}

function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) {
    return result.data;
  }
  throw new LineFaultyError(describe(result.error.issues[0]));
}

/** One sentence of what is wrong and where. */
function describe(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) {
    return "cannot be understood";
  }
  const where = issue.path.map((key, index) => (typeof key === "number" ? `[${key}]` : `${index === 0 ? "" : "."}${String(key)}`)).join("");
  const at = where === "" ? "" : `"${where}"${issue.message.startsWith('"') ? ":" : ""} `;
  switch (issue.code) {
    case "unrecognized_keys":
      return `${at === "" ? "" : `in ${at}`}the field ${issue.keys.map((key) => `"${key}"`).join(", ")} is unknown`;
    case "invalid_type":
      return issue.input === undefined
        ? `${at}is missing`
        : `${at}${expectation(issue.message, issue.expected)}, not ${given(issue.input)}`;
    case "invalid_value":
      return `${at}has to be one of ${issue.values.join(", ")}, not ${given(issue.input)}`;
    default:
      return issue.message.startsWith("unknown ") ? issue.message : `${at}${sentence(issue.message)}`;
  }
}

const expectation = (message: string, expected: string): string =>
  message.startsWith("expected ") ? sentence(message) : `has to be ${/^[aeio]/.test(expected) ? "an" : "a"} ${expected}`;

const sentence = (message: string): string => message.replace(/^expected /, "has to be ");

const given = (input: unknown): string => {
  const text = JSON.stringify(input);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};
