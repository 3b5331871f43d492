import type * as accounts from "../functions/accounts";
import type * as buttons from "../functions/buttons";
import type * as deliverEmail from "../functions/deliver-email";
import type * as deliverSlack from "../functions/deliver-slack";
import type * as deliverSns from "../functions/deliver-sns";
import type * as deliverTeams from "../functions/deliver-teams";
import type * as deliverWebhook from "../functions/deliver-webhook";
import type * as digest from "../functions/digest";
import type * as enrich from "../functions/enrich";
import type * as guard from "../functions/guard";
import type * as guardAct from "../functions/guard-act";
import type * as guardTell from "../functions/guard-tell";
import type * as heartbeat from "../functions/heartbeat";
import type * as mark from "../functions/mark";
import type * as reconcile from "../functions/reconcile";
import type * as redeliver from "../functions/redeliver";
import type * as reminders from "../functions/reminders";
import type * as storms from "../functions/storms";
import type * as sweep from "../functions/sweep";
import type * as sweepPlace from "../functions/sweep-place";
import type * as triage from "../functions/triage";

/**
 * What each function runs, by its short name. Pulumi serializes the text of these callbacks, so a callback is nothing but the `require` of a module of
 * functions/: it captures no value of this program, and the module itself is bundled from its source (handler-bundle.ts).
 */
export const handlers = {
  triage: () => (require("../functions/triage") as typeof triage).createHandler(),
  enrich: () => (require("../functions/enrich") as typeof enrich).createHandler(),
  "deliver-email": () => (require("../functions/deliver-email") as typeof deliverEmail).createHandler(),
  "deliver-slack": () => (require("../functions/deliver-slack") as typeof deliverSlack).createHandler(),
  "deliver-sns": () => (require("../functions/deliver-sns") as typeof deliverSns).createHandler(),
  "deliver-teams": () => (require("../functions/deliver-teams") as typeof deliverTeams).createHandler(),
  "deliver-webhook": () => (require("../functions/deliver-webhook") as typeof deliverWebhook).createHandler(),
  redeliver: () => (require("../functions/redeliver") as typeof redeliver).createHandler(),
  mark: () => (require("../functions/mark") as typeof mark).createHandler(),
  reminders: () => (require("../functions/reminders") as typeof reminders).createHandler(),
  reconcile: () => (require("../functions/reconcile") as typeof reconcile).createHandler(),
  accounts: () => (require("../functions/accounts") as typeof accounts).createHandler(),
  storms: () => (require("../functions/storms") as typeof storms).createHandler(),
  digest: () => (require("../functions/digest") as typeof digest).createHandler(),
  heartbeat: () => (require("../functions/heartbeat") as typeof heartbeat).createHandler(),
  guard: () => (require("../functions/guard") as typeof guard).createHandler(),
  "guard-act": () => (require("../functions/guard-act") as typeof guardAct).createHandler(),
  "guard-tell": () => (require("../functions/guard-tell") as typeof guardTell).createHandler(),
  buttons: () => (require("../functions/buttons") as typeof buttons).createHandler(),
  sweep: () => (require("../functions/sweep") as typeof sweep).createHandler(),
  "sweep-place": () => (require("../functions/sweep-place") as typeof sweepPlace).createHandler(),
} as const;

/** Short name of a function, for example `triage`. */
export type HandlerName = keyof typeof handlers;

/** The folder that the module paths in the callbacks are relative to. */
export const HANDLERS_FOLDER = __dirname;
