import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";
import type { EpisodesTable } from "../episodes-table";
import { expectedMembers } from "../forwarding/expected-members";
import { HandlerFunction, type HandlerFunctionArgs } from "../function";
import { asksOrganizations, usesTable } from "../permissions";
import { sendsTo, type WorkQueue } from "../queue";
import { type GuardSection, guardVariable } from "./environment";

export interface SweepArgs {
  /** What all functions that run by time have in common. */
  readonly timed: Omit<HandlerFunctionArgs, "description" | "environment" | "statements">;
  /** Short name of the queue of runs that failed. */
  readonly failuresName: string;
  readonly settings: Settings;
  readonly guard: GuardSection;
  readonly table: EpisodesTable;
  readonly sweeps: WorkQueue;
}

/** The function that sends somebody to every account and Region each hour. */
export const sweepFunction = (
  { timed, failuresName, settings, guard, table, sweeps }: SweepArgs,
  parent: pulumi.Resource,
): HandlerFunction =>
  new HandlerFunction(
    "sweep",
    {
      ...timed,
      description: "Plans the hourly look at all security groups",
      statements: [
        sendsTo(timed.place, failuresName, "sweeps"),
        usesTable(timed.place, "Scan"),
        // In the first hours, before the accounts are in the table.
        asksOrganizations("ListRoots", "ListAccountsForParent", "ListOrganizationalUnitsForParent"),
      ],
      environment: {
        TABLE_NAME: table.name,
        SWEEPS_URL: sweeps.url,
        MEMBERS: JSON.stringify(expectedMembers(settings)),
        GUARD: guardVariable(guard),
      },
    },
    { parent },
  );
