import type * as pulumi from "@pulumi/pulumi";
import { asksForAccount } from "../../functions/guard/exempt";
import type { Settings } from "../../settings";
import type { AlertMachine } from "../alert-machine";
import { asksForAccounts } from "../episode-environment";
import type { EpisodesTable } from "../episodes-table";
import { externalIdOf } from "../forwarding/guard-role";
import { HandlerFunction } from "../function";
import type { Place } from "../names";
import { describesAccounts, reachesMembers, startsAlert, startsGuard, usesGuardTable, usesTable } from "../permissions";
import { readsQueue, sendsTo, type WorkQueue } from "../queue";
import type { Storms } from "../storms";
import { type GuardSection, guardVariable, stormOf } from "./environment";
import type { GuardMachine } from "./guard-machine";

/** What the guard's functions have in common. */
export interface GuardFunctionArgs {
  readonly place: Place;
  readonly settings: Settings;
  readonly guard: GuardSection;
  /** Name of the guard's table. */
  readonly guardTableName: pulumi.Input<string>;
}

/** Judges each change, and starts the workflow for what people must be told. */
export function judgeFunction(
  args: GuardFunctionArgs & { readonly table: EpisodesTable; readonly queue: WorkQueue; readonly machine: GuardMachine },
  parent: pulumi.Resource,
): HandlerFunction {
  const { place, settings, guard, guardTableName, table, queue, machine } = args;
  // Only where an account is exempt by what its id does not say.
  const needsNames = asksForAccount(guard);
  return new HandlerFunction(
    "guard",
    {
      place,
      description: "Judges changes of security groups",
      timeoutSeconds: 60,
      // Ten groups at the same time.
      memoryMegabytes: 512,
      statements: [
        readsQueue(place, "guard"),
        sendsTo(place, "guard-dlq"),
        usesGuardTable(place, "GetItem", "UpdateItem", "DeleteItem", "Query"),
        reachesMembers(place),
        startsGuard(place),
        ...(needsNames ? [usesTable(place, "GetItem", "UpdateItem"), describesAccounts] : []),
      ],
      environment: {
        GUARD_URL: queue.url,
        GUARD_DEAD_LETTER_URL: queue.deadLetters.url,
        GUARD_TABLE: guardTableName,
        MACHINE_ARN: machine.arn,
        TABLE_NAME: table.name,
        GUARD: guardVariable(guard),
        EXTERNAL_ID: externalIdOf(settings),
      },
    },
    { parent },
  );
}

/** Puts back, keeps and undoes, in the members. */
export function actFunction({ place, settings, guard, guardTableName }: GuardFunctionArgs, parent: pulumi.Resource): HandlerFunction {
  return new HandlerFunction(
    "guard-act",
    {
      place,
      description: "Puts changes of security groups back, and undoes that",
      // EC2 may take some seconds to show what was done.
      timeoutSeconds: 60,
      memoryMegabytes: 512,
      statements: [usesGuardTable(place, "GetItem", "UpdateItem", "DeleteItem"), reachesMembers(place)],
      environment: { GUARD_TABLE: guardTableName, GUARD: guardVariable(guard), EXTERNAL_ID: externalIdOf(settings) },
    },
    { parent },
  );
}

/** Tells people, through the workflow "alert". */
export function tellFunction(
  args: GuardFunctionArgs & { readonly table: EpisodesTable; readonly alert: AlertMachine; readonly storms: Storms },
  parent: pulumi.Resource,
): HandlerFunction {
  const { place, settings, guard, guardTableName, table, alert, storms } = args;
  const { alerts, mutes, approvals } = settings;
  return new HandlerFunction(
    "guard-tell",
    {
      place,
      description: "Tells of changes of security groups, asks about them, and tells what became of them",
      timeoutSeconds: 30,
      statements: [
        usesGuardTable(place, "GetItem", "UpdateItem"),
        usesTable(place, "GetItem", "UpdateItem"),
        startsAlert(place, "StartExecution"),
        sendsTo(place, "storms"),
        ...(asksForAccounts(settings) ? [describesAccounts] : []),
      ],
      environment: {
        GUARD_TABLE: guardTableName,
        TABLE_NAME: table.name,
        ALERT_MACHINE_ARN: alert.arn,
        ALERTS: JSON.stringify(alerts),
        GUARD: guardVariable(guard),
        STORM: JSON.stringify(stormOf(settings)),
        STORMS_URL: storms.queue.url,
        ...(approvals && { APPROVALS: JSON.stringify({ timeout: approvals.timeout, onTimeout: guard.onTimeout }) }),
        ...(mutes.length > 0 && { MUTES: JSON.stringify(mutes) }),
      },
    },
    { parent },
  );
}

/** Looks at the groups of one account and Region, for what no event told of. */
export function sweepPlaceFunction(
  args: GuardFunctionArgs & { readonly sweeps: WorkQueue; readonly machine: GuardMachine },
  parent: pulumi.Resource,
): HandlerFunction {
  const { place, settings, guard, guardTableName, sweeps, machine } = args;
  return new HandlerFunction(
    "sweep-place",
    {
      place,
      description: "Looks for open security groups that no event told of, in one account and Region",
      timeoutSeconds: 300,
      // Ten places at the same time, with thousands of rules each.
      memoryMegabytes: 512,
      statements: [
        readsQueue(place, "sweeps"),
        sendsTo(place, "sweeps"),
        usesGuardTable(place, "GetItem", "UpdateItem", "DeleteItem", "Query"),
        reachesMembers(place),
        startsGuard(place),
      ],
      environment: {
        SWEEPS_URL: sweeps.url,
        GUARD_TABLE: guardTableName,
        MACHINE_ARN: machine.arn,
        GUARD: guardVariable(guard),
        EXTERNAL_ID: externalIdOf(settings),
      },
    },
    { parent },
  );
}
