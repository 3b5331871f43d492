import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings";
import { sendersOf, withoutKind } from "./channels/configured";
import { type EmailSending, sendsMail } from "./channels/email";
import type { EpisodesTable } from "./episodes-table";
import { HandlerFunction, type HandlerFunctionArgs } from "./function";
import { usesTable } from "./permissions";

export interface DigestArgs {
  /** What all functions that run by time have in common. */
  readonly timed: Omit<HandlerFunctionArgs, "description" | "environment">;
  readonly settings: Settings;
  readonly table: EpisodesTable;
  readonly email: EmailSending;
}

/** Whether a route asks for a digest. */
export const asksForDigest = ({ routes }: Pick<Settings, "routes">): boolean => routes.some(({ digest }) => digest !== undefined);

/** The function that mails the routes' digests: each day it looks whose turn it is. */
export function digestFunction({ timed, settings, table, email }: DigestArgs, parent: pulumi.Resource): HandlerFunction {
  const { routes, mutes } = settings;
  return new HandlerFunction(
    "digest",
    {
      ...timed,
      description: "Mails what is open, new, resolved and muted, for each route that asks for it",
      statements: [
        ...timed.statements,
        usesTable(timed.place, "Scan", "BatchGetItem", "GetItem", "PutItem"),
        sendsMail(timed.place, sendersOf(settings)),
      ],
      environment: {
        TABLE_NAME: table.name,
        CONFIGURATION_SET: email.configurationSetName,
        ROUTES: JSON.stringify(routes),
        CHANNELS: JSON.stringify(withoutKind(settings, "email")),
        ...(mutes.length > 0 && { MUTES: JSON.stringify(mutes) }),
      },
    },
    { parent },
  );
}
