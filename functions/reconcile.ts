import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecurityHubClient } from "@aws-sdk/client-securityhub";
import type { Context } from "aws-lambda";
import type { AlertSettings } from "./alert-settings";
import { required, requiredJson } from "./environment";
import { EpisodeStore } from "./episodes/store";
import { log } from "./log";
import { count, UNANSWERED_EPISODES } from "./metrics";
import type { Resolves } from "./routing/resolved";
import { currentStates } from "./security-hub/current";
import { alertStarter } from "./start-alert";
import { Reconciling } from "./timed/reconciling";
import { scheduled } from "./timed/run";

/** Milliseconds before its time-out at which a run stops taking up more. */
const MARGIN = 60_000;

/** The daily schedule: closes the episodes that are over. Where it has to stop for want of time, the next run goes on. */
export function createHandler() {
  const store = new EpisodeStore(new DynamoDBClient({}), required("TABLE_NAME"));
  const securityHub = new SecurityHubClient({ retryMode: "adaptive", maxAttempts: 5 });
  const { forget } = requiredJson<AlertSettings>("ALERTS");
  const reconciling = new Reconciling({
    forget,
    resolves: requiredJson<Resolves>("RESOLVES"),
    store,
    ask: (records) => currentStates(securityHub, records),
    tell: alertStarter(required("ALERT_MACHINE_ARN")),
    now: Date.now,
    log,
  });
  return scheduled("reconcile", async (context: Context) => {
    const bookmark = await store.bookmark();
    const report = await reconciling.run(bookmark, () => context.getRemainingTimeInMillis() > MARGIN);
    if (report.goOnAfter !== bookmark) {
      await store.keepBookmark(report.goOnAfter);
    }
    count(UNANSWERED_EPISODES, report.unanswered);
    return report;
  });
}
