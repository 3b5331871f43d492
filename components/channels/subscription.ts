import type * as aws from "@pulumi/aws";
import type { ChannelOf } from "./configured";

type Subscription = ChannelOf<"sns">["subscriptions"][number];

/** How a subscriber is reached, beyond its address. */
export type SubscriptionOptions = Pick<
  aws.sns.TopicSubscriptionArgs,
  "filterPolicy" | "filterPolicyScope" | "deliveryPolicy" | "endpointAutoConfirms" | "rawMessageDelivery"
>;

/** Only who can close something needs to know that a problem is over: nobody is woken by a text message for it. */
const NOT_RESOLVED: SubscriptionOptions = {
  filterPolicyScope: "MessageAttributes",
  filterPolicy: JSON.stringify({ reason: [{ "anything-but": ["resolved"] }] }),
};

/**
 * A try a minute for an hour, the longest that SNS allows; by itself it gives up after a minute:
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
const FOR_AN_HOUR = { healthyRetryPolicy: { minDelayTarget: 60, maxDelayTarget: 60, numRetries: 59, backoffFunction: "linear" } };

/** What a subscription needs by its protocol. */
export function subscriptionOptions({ protocol, endpoint }: Subscription): SubscriptionOptions {
  switch (protocol) {
    case "sms":
    case "email":
      return NOT_RESOLVED;
    case "https":
      return isPagerDuty(new URL(endpoint).hostname) ? PAGERDUTY : { deliveryPolicy: JSON.stringify(FOR_AN_HOUR) };
    case "sqs":
      return {};
  }
}

const isPagerDuty = (host: string): boolean => host === "pagerduty.com" || host.endsWith(".pagerduty.com");

/**
 * PagerDuty confirms a subscription by itself, so the deployment waits for that and fails without. It gets the event as it is: in SNS's envelope its
 * `event_action` and `dedup_key` would be a text within a text. Other endpoints get the envelope, whose signature they can check, and may need a person to confirm.
 */
const PAGERDUTY: SubscriptionOptions = {
  endpointAutoConfirms: true,
  rawMessageDelivery: true,
  deliveryPolicy: JSON.stringify({ ...FOR_AN_HOUR, requestPolicy: { headerContentType: "application/json" } }),
};
