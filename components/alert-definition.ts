import { settling } from "./settling";
import { type CalledFunction, caught, choice, invoke, PASSING, retry, type State, send } from "./states";
import { tellChannel } from "./tell-channel";

/** What the state machine "alert" calls. */
export interface AlertParts {
  /** Partition of the Region, for example `aws`. */
  readonly partition: string;
  readonly enrich: CalledFunction;
  /** The deliver function of each kind of channel that is deployed. */
  readonly deliver: Readonly<Record<string, CalledFunction>>;
  readonly tableName: string;
  /** Queue of what a channel did not take. */
  readonly undeliveredUrl: string;
  /** Where it rests when nobody is to be told by it. */
  readonly deadLetterUrl: string;
  /** Queue of findings to mark as notified; absent where nothing is written back. */
  readonly writeBackUrl?: string;
}

/**
 * The workflow that tells people of one thing, in Amazon States Language. Its input is `{alert}`, or, when it is run again for what was not delivered,
 * `{alert, account?, channels?, parked: true}`. It answers `{delivered: false}` where that has to stay in the queue.
 *
 * Each channel is told by itself: one that fails is parked in a queue and tried again later, while the others go on. A message that a channel accepted is
 * recorded as a step of its own, so that a store that fails is asked again without sending the message again.
 */
export function alertDefinition(parts: AlertParts): State {
  const { partition } = parts;
  return {
    Comment: "Tells people of one finding, channel by channel",
    StartAt: "Again?",
    TimeoutSeconds: 300,
    States: {
      // Whether this run is a second try is known from here on as `$.parked`.
      "Again?": choice({ Variable: "$.parked", IsPresent: true }, "Routed?", "FirstTry"),
      FirstTry: { Type: "Pass", Result: false, ResultPath: "$.parked", Next: "Routed?" },
      "Routed?": choice({ Variable: "$.channels", IsPresent: true }, "Tell", "Enrich"),
      Enrich: {
        ...invoke(partition, parts.enrich),
        ResultSelector: { "account.$": "$.Payload.account", "channels.$": "$.Payload.channels" },
        ResultPath: "$.enriched",
        Retry: [retry(PASSING, 3)],
        // What no route leads anywhere can never succeed; everything else is tried again.
        Catch: [caught("NoRoute", ["NoRoute"]), caught("AlertParked?")],
        Next: "Route",
      },
      Route: {
        Type: "Pass",
        // Now that its channels are known each of them is parked by itself, also when this is a second try of the whole.
        Parameters: { "alert.$": "$.alert", "account.$": "$.enriched.account", "channels.$": "$.enriched.channels", parked: false },
        Next: "Tell",
      },
      NoRoute: {
        Type: "Pass",
        // The cause of a function's error is JSON.
        Parameters: { "alert.$": "$.alert", "cause.$": "States.StringToJson($.error.Cause)" },
        Next: "Bury",
      },
      Bury: {
        ...send(partition, parts.deadLetterUrl, {
          MessageBody: { "alert.$": "$.alert", parked: true },
          MessageAttributes: { error: { DataType: "String", "StringValue.$": "$.cause.errorMessage" } },
        }),
        End: true,
      },
      "AlertParked?": choice({ Variable: "$.parked", BooleanEquals: true }, "NotDelivered", "ParkAlert"),
      ParkAlert: {
        ...send(partition, parts.undeliveredUrl, { MessageBody: { "alert.$": "$.alert", parked: true }, DelaySeconds: 60 }),
        ResultPath: null,
        Next: "Hold?",
      },
      // No failure of the workflow: who called it leaves the message in the queue.
      NotDelivered: { Type: "Pass", Parameters: { delivered: false }, End: true },
      Tell: {
        Type: "Map",
        ItemsPath: "$.channels",
        ItemSelector: {
          "alert.$": "$.alert",
          "account.$": "$.account",
          "channel.$": "$$.Map.Item.Value",
          "of.$": "States.ArrayLength($.channels)",
          "parked.$": "$.parked",
        },
        ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, ...tellChannel(parts) },
        ResultPath: "$.outcomes",
        Next: "Any?",
      },
      ...settling(parts, parts.writeBackUrl === undefined ? "Done" : "WriteBack?"),
      ...(parts.writeBackUrl !== undefined && {
        // Only when somebody was told: what all channels left parked is marked by the run that delivers it.
        "WriteBack?": choice(
          {
            And: [
              { Variable: "$.alert.markable", BooleanEquals: true },
              { Variable: "$.told", BooleanEquals: true },
            ],
          },
          "WriteBack",
          "Done",
        ),
        WriteBack: {
          ...send(partition, parts.writeBackUrl, { "MessageBody.$": "States.JsonToString($.alert.marks)" }),
          // People were told. A finding that is not marked comes again and is kept quiet by its episode.
          Catch: [caught("Done")],
          Next: "Done",
        },
      }),
      Done: { Type: "Succeed" },
    },
  };
}
