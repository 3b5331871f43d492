import { severityRank } from "../functions/finding";
import type { Settings } from "../settings";
import { adviceOnRoutes } from "./route-advice";

/**
 * Settings that are allowed but hardly meant, a sentence each: worth a warning at deployment, not a refusal.
 * @param now milliseconds since the epoch.
 */
export function adviceOn(settings: Settings, now = Date.now()): string[] {
  return [
    ...adviceOnRoutes(settings),
    ...adviceOnChannels(settings),
    ...adviceOnMutes(settings, now),
    ...adviceOnPeriods(settings),
    ...adviceOnRanges(settings),
    ...adviceOnTrail(settings),
  ];
}

function adviceOnChannels({ routes, channels }: Settings): string[] {
  const used = new Set(routes.flatMap(({ to }) => to));
  return Object.entries(channels).flatMap(([name, channel]) => [
    ...(used.has(name) ? [] : [`tocsin:channels.${name}: no route leads to this channel`]),
    ...(channel.kind === "slack" && channel.webhookSecretName !== undefined && channel.channel !== undefined
      ? [`tocsin:channels.${name}.channel has no effect: an incoming webhook writes to the channel that it was made for; remove it`]
      : []),
  ]);
}

function adviceOnMutes({ mutes }: Settings, now: number): string[] {
  return mutes.flatMap(({ when, reason, owner, expires, highestSeverity }, index) => {
    const path = `tocsin:mutes[${index}]`;
    if (Date.parse(expires) <= now) {
      return [`${path} (${reason}, by ${owner}) expired on ${expires}; remove it`];
    }
    if (when.reasons?.every((one) => one === "resolved" || one === "escalated") === true) {
      return [`${path} mutes nothing: what has become graver (escalated) or is over (resolved) is told whatever is muted`];
    }
    const highest = severityRank(highestSeverity ?? "CRITICAL");
    return when.severities?.every((severity) => severityRank(severity) > highest) === true
      ? [`${path} mutes nothing: each of its severities is graver than its highestSeverity ${highestSeverity}`]
      : [];
  });
}

function adviceOnPeriods({ alerts }: Settings): string[] {
  const letIn = new Set<string>(alerts.sources.flatMap((source) => source.severities));
  return (["remind", "wait"] as const).flatMap((setting) =>
    Object.keys(alerts[setting])
      .filter((severity) => !letIn.has(severity))
      .map((severity) => `tocsin:alerts.${setting}.${severity}: no source lets ${severity} in, so this has no effect`),
  );
}

function adviceOnRanges({ securityGroupGuard }: Settings): string[] {
  return (securityGroupGuard?.approvedRanges ?? []).flatMap((range, index) =>
    range.endsWith("/0") ? [`tocsin:securityGroupGuard.approvedRanges[${index}]: ${range} approves every address`] : [],
  );
}

function adviceOnTrail({ organization, securityGroupGuard }: Settings): string[] {
  const { manage, existingTrail } = organization;
  return securityGroupGuard !== undefined && !manage.trail && existingTrail === undefined
    ? [
        "tocsin:organization.manage.trail is false and existingTrail names no other: where no trail records management write events, changes of security groups are not seen",
      ]
    : [];
}
