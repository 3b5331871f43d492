/** Limits of AWS that several components work at. */

/**
 * EventBridge tries for a day and 185 times, its own maximum, before an event goes to the dead-letter queue:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
export const EVENT_RETRIES = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 } as const;

/** Longest that SQS keeps a message, in seconds: 14 days. */
export const LONGEST_RETENTION = 1_209_600;
