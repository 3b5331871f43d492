/**
 * Hosts of the addresses that Microsoft hands out for webhooks: workflows (`…environment.api.powerplatform.com` since November 2025, `logic.azure.com` before, and
 * the government's cloud), and the connectors that workflows replaced.
 * https://learn.microsoft.com/en-us/troubleshoot/power-platform/power-automate/flow-run-issues/triggers-troubleshoot#changes-to-http-or-teams-webhook-trigger-flows
 */
const DOMAINS = [".api.powerplatform.com", ".logic.azure.com", ".logic.azure.us", ".webhook.office.com"];

/** Whether an address of this host can be a webhook of Teams. */
export const isTeamsHost = (host: string): boolean => DOMAINS.some((domain) => host.endsWith(domain) && host.length > domain.length);
