import { z } from "zod";
import { ALERT_REASONS } from "./functions/alert";
import { ORIGINS, SEVERITIES, STANDARDS } from "./functions/finding";
import * as form from "./settings/forms";
import { parseSections } from "./settings/parse";
import { unreached } from "./settings/reach";

export { adviceOn } from "./settings/advice";
export { type Fault, SettingsError } from "./settings/fault";
export { type Duration, durationSeconds } from "./settings/forms";

/*
 * The settings of a stack, `tocsin:…` in Pulumi.<stack>.yaml, section by section: form, bounds and defaults.
 * What ties several settings together is in settings/rules/, whom the routes reach in settings/reach.ts; what is allowed but hardly meant is in settings/advice.ts.
 */
const { accountId, addressRange, choice, duration, emailAddress, flag, group, list, listOrNothing, oneOf, wholeNumber } = form;

// The gravest first, as people read it.
const severity = oneOf([...SEVERITIES].reverse() as [...typeof SEVERITIES]);
const severities = list(severity, { of: "severities" });

/** `tocsin:organization.manage`: what the stack sets up; `false` where the Organization has it already. */
const manage = group({
  /** Delegated administration, aggregation and central configuration of Security Hub. Default true. */
  securityHub: flag.default(true),
  /** Delegated administration of GuardDuty, and its detectors. Default true. */
  guardDuty: flag.default(true),
  /** Delegated administration of Inspector, and its scans. Default true. */
  inspector: flag.default(true),
  /** What the services above, the trail and StackSets may do in the Organization. Default true. */
  trustedAccess: flag.default(true),
  /** The organization trail and its bucket. Default true; nothing of it exists with `existingTrail`. */
  trail: flag.default(true),
});

/** `tocsin:organization`: the accounts and Regions that are covered. */
const organization = group({
  /** Account that owns the Organization. */
  managementAccountId: accountId,
  /** Delegated administrator of Security Hub, GuardDuty and Inspector: where tocsin lives. */
  securityAccountId: accountId,
  /** Regions that are covered, the home Region (`aws:region`) among them. */
  regions: list(form.region, { of: "Regions" }),
  /** How many accounts to be prepared for, 1 to 50,000. Default 1,000: at this size one StackSet still updates within minutes. */
  expectedAccounts: wholeNumber(1, 50_000).default(1000),
  /** How the rules for member accounts get there. */
  forwarding: choice("via", [
    /** One service-managed StackSet; new accounts join by themselves. */
    group({ via: z.literal("stackset"), organizationalUnitIds: list(form.organizationalUnitId, { of: "ids of organizational units" }) }),
    /** Explicit Pulumi providers: each is a process of 170 to 430 MB, hence at most 25 accounts (a rule). */
    group({
      via: z.literal("providers"),
      accountIds: list(accountId, { of: "account ids" }),
      /** Role to assume in each account. Default: the one that Organizations creates. */
      roleName: form.roleName.default("OrganizationAccountAccessRole"),
    }),
  ]),
  /** Role that the deployment assumes in the management and the security account. Default: the credentials at hand, refused where they are of another account. */
  deploymentRole: form.roleName.optional(),
  manage: manage.prefault({}),
  /** Organization trail that records management write events already. */
  existingTrail: form.trailArn.optional(),
});

const period = duration({ max: "365d" }).optional();
const periods = group({ CRITICAL: period, HIGH: period, MEDIUM: period, LOW: period, INFORMATIONAL: period });

/** `tocsin:alerts`: what is told, and when. */
const alerts = group({
  /** What is let in, by origin. */
  sources: list(
    choice("origin", [
      /** `standards` absent: every standard. */
      group({ origin: z.literal("securityhub"), standards: list(oneOf(STANDARDS), { of: "standards" }).optional(), severities }),
      group({ origin: z.literal("guardduty"), severities }),
      group({ origin: z.literal("inspector"), severities }),
    ]),
    { of: "sources" },
  ),
  /** Time since the last delivery after which an unresolved finding is told again, by severity. Default: never. */
  remind: periods.default({}),
  /** How long a finding has to stay unresolved before it is told, by severity. Default: told at once. */
  wait: periods.default({}),
  /** Whether to set a finding's Workflow to NOTIFIED after telling, so that its repeats are dropped for free. Default true. */
  writeBack: flag.default(true),
  /** Silence after which a GuardDuty or Inspector episode is over. Default 30d. */
  forget: duration({ max: "365d" }).default("30d" as form.Duration),
});

const subscription = choice("protocol", [
  group({ protocol: z.literal("sms"), endpoint: form.phoneNumber }),
  group({ protocol: z.literal("email"), endpoint: emailAddress }),
  group({ protocol: z.literal("https"), endpoint: form.httpsEndpoint }),
  group({ protocol: z.literal("sqs"), endpoint: form.queueArn }),
]);

/** `tocsin:channels`: the places to tell people, by name. */
const channels = form.named(
  choice("kind", [
    /** HTML mail through SES, whose identity `from` (or its domain) has to be verified. At most 50 recipients: SES takes no more a call. */
    group({ kind: z.literal("email"), from: emailAddress, to: list(emailAddress, { of: "e-mail addresses", max: 50 }) }),
    /** Slack, with either a bot token (`secretName` and `channel`) or an incoming webhook (`webhookSecretName`, which knows its channel). */
    group({
      kind: z.literal("slack"),
      channel: form.slackChannelId.optional(),
      secretName: form.secretName.optional(),
      webhookSecretName: form.secretName.optional(),
    }),
    /** An SNS topic for text messages, PagerDuty and the like. */
    group({ kind: z.literal("sns"), subscriptions: list(subscription, { of: "subscriptions" }) }),
    /** Microsoft Teams, by the webhook of a workflow, whose URL the secret holds. */
    group({ kind: z.literal("teams"), webhookSecretName: form.secretName }),
    /** Any HTTPS endpoint, with requests signed as https://www.standardwebhooks.com says. */
    group({
      kind: z.literal("webhook"),
      /** Secret that holds the URL. */
      webhookSecretName: form.secretName,
      /** Secret that holds the signing secret, `whsec_…`. */
      signingSecretName: form.secretName,
      /** Hosts that the URL may have; any other is refused. */
      allowedHosts: list(form.hostName, { of: "host names" }),
    }),
  ]),
);

/** A condition; every key that is given has to hold. */
const when = group({
  severities: severities.optional(),
  origins: list(oneOf(ORIGINS), { of: "origins" }).optional(),
  accounts: list(form.accountNameOrId, { of: "account names or ids" }).optional(),
  /** Names or ids; each means everything below it, too. */
  organizationalUnits: list(form.words("the name or id of an organizational unit"), {
    of: "names or ids of organizational units",
  }).optional(),
  /** Tags of the finding's resource. */
  tags: form.tags.optional(),
  reasons: list(oneOf(ALERT_REASONS), { of: "reasons" }).optional(),
});

/**
 * `tocsin:routes`: which channels are told of what; the first route whose `when` holds counts, an absent `when` always holds.
 * Whatever is let in has to reach a channel, whichever account it is of.
 */
const routes = list(
  group({
    when: when.optional(),
    to: list(form.words("the name of a channel"), { of: "channel names" }),
    /** Whether the routes after this one are asked as well. A channel is told once all the same. Default false. */
    continue: flag.default(false),
    /** Sends the e-mail channels of this route a digest of its open findings. Default: none. */
    digest: oneOf(["daily", "weekly"]).optional(),
  }),
  { of: "routes" },
);

/** `tocsin:runbooks`: the team's own instructions; the first whose `when` holds counts. Default: AWS's guidance. */
const runbooks = listOrNothing(group({ when: when.optional(), url: form.httpsUrl }), { of: "runbooks" });

/** `tocsin:securityGroupGuard`: alerts on changed security groups. Absent: nothing of it exists. */
const securityGroupGuard = group({
  /** Tell, ask before putting back, or put back. Default alert. */
  mode: oneOf(["alert", "approve", "revert"]).default("alert"),
  /** Ranges that any port may be open to. Default none. */
  approvedRanges: listOrNothing(addressRange, { of: "address ranges" }),
  /** Ports that may be open to the world. Default none. */
  publicPorts: listOrNothing(wholeNumber(1, 65_535), { of: "ports" }),
  /** Key of a tag that exempts a security group, or all groups of a VPC. Default: no exemption. */
  exemptTag: form.tagKey.optional(),
  /** Accounts whose groups are exempt. Default none. */
  exemptAccounts: listOrNothing(form.accountNameOrId, { of: "account names or ids" }),
  /** Organizational units whose accounts' groups are exempt, with everything below. Default none. */
  exemptOrganizationalUnits: listOrNothing(form.words("the name or id of an organizational unit"), {
    of: "names or ids of organizational units",
  }),
  /** Whether harmless changes are told, too, as INFORMATIONAL. Default unapproved: they are recorded only. */
  tell: oneOf(["unapproved", "all"]).default("unapproved"),
  /** With mode approve: what becomes of a change when nobody answers in time. Default keep: nothing is touched, and people are told so. */
  onTimeout: oneOf(["keep", "undo"]).default("keep"),
});

/** `tocsin:incidentResponse`: the playbook. Absent: nothing of it exists. */
const incidentResponse = group({
  /** Only look, ask before each change, or act. Default observe. */
  mode: oneOf(["observe", "approve", "act"]).default("observe"),
  /** Log groups that logins are written to. Default none. */
  logGroups: listOrNothing(form.logGroupName, { of: "log groups" }),
  /** How long evidence is kept. Default 365d. */
  evidenceRetention: duration({ max: "3650d" }).default("365d" as form.Duration),
});

/** `tocsin:approvals`: who may press the buttons of guard and playbook. */
const approvals = group({
  approvers: list(form.slackUserId, { of: "Slack user ids" }),
  /** What approvers are called in AWS (names or ARNs of users or sessions), by Slack user id: nobody decides about a change of their own. Default: not known. */
  identities: form.named(list(form.words("the name or ARN of a user or a session"), { of: "names or ARNs" })).default({}),
  /** Secret that holds the Slack app's signing secret. */
  signingSecretName: form.secretName,
  /** After this long without an answer nothing is changed. Default 30m. */
  timeout: duration({ max: "7d" }).default("30m" as form.Duration),
});

/** `tocsin:mutes`: what is not told for a while. */
const mutes = listOrNothing(
  group({
    when,
    reason: form.words("why"),
    owner: form.words("who answers for it"),
    /** When it ends, by itself: at most 90 days ahead. */
    expires: form.moment,
    /** Graver findings are told all the same. Default: none is. */
    highestSeverity: severity.optional(),
  }),
  { of: "mutes" },
);

/** `tocsin:storm`: more than `over` findings of one kind `within` this time become one message. Absent: each is told. */
const storm = group({ over: wholeNumber(1, 10_000), within: duration({ max: "1d" }) });

const SECTIONS = {
  organization,
  alerts,
  channels,
  routes,
  runbooks,
  securityGroupGuard: securityGroupGuard.optional(),
  incidentResponse: incidentResponse.optional(),
  approvals: approvals.optional(),
  mutes,
  storm: storm.optional(),
};

type Sections = { readonly [Name in keyof typeof SECTIONS]: z.output<(typeof SECTIONS)[Name]> };

/** The settings of a stack, checked, with defaults. */
export interface Settings extends Sections {
  /** Home Region (`aws:region`). */
  readonly region: string;
}
export type Organization = Settings["organization"];
export type Channel = Settings["channels"][string];
export type EmailChannel = Extract<Channel, { kind: "email" }>;

/**
 * Checks the settings of a stack.
 * @param stack Name of the stack, for the message.
 * @param config Everything that is configured, by full key (`aws:region`, `tocsin:alerts`, …); structured values as such or as their JSON text, as the Pulumi engine hands them over.
 * @param now Milliseconds since the epoch; a mute may last at most 90 days from then.
 * @throws SettingsError that names every fault.
 */
export function parseSettings(stack: string, config: Readonly<Record<string, unknown>>, now = Date.now()): Settings {
  const schema = { region: form.region, sections: SECTIONS, meaning: unreached };
  const { "aws:region": region, ...sections } = parseSections(stack, schema, config, now);
  return { region, ...sections };
}
