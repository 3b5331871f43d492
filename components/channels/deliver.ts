import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";
import { HandlerFunction, type HandlerFunctionArgs } from "../function";
import type { Place } from "../names";
import { publishesTo, readsSecrets } from "../permissions";
import { type ChannelKind, channelsOf, secretsOf, sendersOf, withoutKind } from "./configured";
import { type EmailSending, sendsMail } from "./email";
import { channelTopicArn } from "./topics";

export interface DeliverArgs {
  readonly place: Place;
  readonly settings: Settings;
  /** Present if there is an e-mail channel. */
  readonly email?: EmailSending;
}

/** What is special about the function of a kind of channel. */
type Special = Pick<HandlerFunctionArgs, "description" | "timeoutSeconds" | "statements"> & {
  /** Its channels by name, as the function gets them. */
  readonly channels: Readonly<Record<string, unknown>>;
  readonly environment?: HandlerFunctionArgs["environment"];
};

/** Longest run where somebody else's server is asked, who may ask to come again within ten seconds. */
const ASKING_OTHERS = 30;

/** The deliver functions of the kinds of channels that the settings have, by kind. */
export function deliverFunctions(args: DeliverArgs, parent: pulumi.Resource): Readonly<Record<string, HandlerFunction>> {
  const { place, settings } = args;
  const { alerts, runbooks } = settings;
  const kinds = (Object.keys(SPECIAL) as ChannelKind[]).filter((kind) => channelsOf(settings, kind).length > 0);
  return Object.fromEntries(
    kinds.map((kind) => {
      const { channels, environment, ...special } = SPECIAL[kind](args);
      const handler = new HandlerFunction(
        `deliver-${kind}`,
        {
          place,
          ...special,
          environment: {
            ...environment,
            CHANNELS: JSON.stringify(channels),
            ALERTS: JSON.stringify(alerts),
            ...(runbooks.length > 0 && { RUNBOOKS: JSON.stringify(runbooks) }),
          },
        },
        { parent },
      );
      return [kind, handler];
    }),
  );
}

function sendingOf(email: EmailSending | undefined): EmailSending {
  if (email === undefined) {
    throw new Error("there is an e-mail channel, but nothing that sends mail");
  }
  return email;
}

const SPECIAL: Readonly<Record<ChannelKind, (args: DeliverArgs) => Special>> = {
  email: ({ place, settings, email }) => ({
    description: "Sends one alert to one e-mail channel",
    timeoutSeconds: 15,
    statements: [sendsMail(place, sendersOf(settings))],
    channels: withoutKind(settings, "email"),
    environment: { CONFIGURATION_SET: sendingOf(email).configurationSetName },
  }),
  slack: ({ place, settings }) => ({
    description: "Sends one alert to one Slack channel",
    timeoutSeconds: ASKING_OTHERS,
    statements: [readsSecrets(place, secretsOf(settings, "slack"))],
    channels: withoutKind(settings, "slack"),
  }),
  sns: ({ place, settings }) => {
    const channels = channelsOf(settings, "sns");
    return {
      description: "Publishes one alert to the topic of one SNS channel",
      timeoutSeconds: 15,
      statements: [publishesTo(channels.map(([name]) => channelTopicArn(place, name)))],
      channels: Object.fromEntries(
        channels.map(([name, { subscriptions }]) => {
          const has = (wanted: string): boolean => subscriptions.some(({ protocol }) => protocol === wanted);
          return [name, { topicArn: channelTopicArn(place, name), sms: has("sms"), https: has("https") }];
        }),
      ),
    };
  },
  teams: ({ place, settings }) => ({
    description: "Sends one alert to one Microsoft Teams channel",
    timeoutSeconds: ASKING_OTHERS,
    statements: [readsSecrets(place, secretsOf(settings, "teams"))],
    channels: withoutKind(settings, "teams"),
  }),
  webhook: ({ place, settings }) => ({
    description: "Sends one alert, signed, to one webhook",
    timeoutSeconds: ASKING_OTHERS,
    statements: [readsSecrets(place, secretsOf(settings, "webhook"))],
    channels: withoutKind(settings, "webhook"),
  }),
};
