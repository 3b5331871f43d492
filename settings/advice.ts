import type { Settings } from "../settings";

/** Settings that are allowed but hardly meant, a sentence each: worth a warning at deployment, not a refusal. */
export function adviceOn(settings: Settings): string[] {
  return [...adviceOnRoutes(settings), ...adviceOnPeriods(settings), ...adviceOnRanges(settings), ...adviceOnTrail(settings)];
}

function adviceOnRoutes({ routes, channels }: Settings): string[] {
  const always = routes.findIndex(({ when }) => when === undefined || Object.keys(when).length === 0);
  const used = new Set(routes.flatMap(({ to }) => to));
  return [
    ...(always === -1
      ? ["tocsin:routes: every route has a when, so findings that fit none of them are told to nobody; end with a route without when"]
      : []),
    ...(always !== -1 && always < routes.length - 1
      ? [`tocsin:routes[${always}] fits everything, so the routes after it are never used`]
      : []),
    ...Object.keys(channels)
      .filter((name) => !used.has(name))
      .map((name) => `tocsin:channels.${name}: no route leads to this channel`),
  ];
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
