/** When the prices were looked up. Re-check them at aws.amazon.com before quoting. */
export const PRICES_OF = "November 2026";

/** Region that the prices are for. */
export const PRICES_IN = "us-east-1";

export interface Price {
  /** What is paid for, as a line of the bill. */
  readonly what: string;
  /** What one of it is. */
  readonly unit: string;
  /** Dollars for `per` units. */
  readonly dollars: number;
  readonly per: number;
}

const MILLION = 1_000_000;

/** The on-demand prices of everything that a finding can cause, without free tiers. */
export const PRICES = {
  writeUnits: { what: "DynamoDB writes", unit: "write of 1 KB", dollars: 0.625, per: MILLION },
  readUnits: { what: "DynamoDB reads", unit: "strong read of 4 KB", dollars: 0.125, per: MILLION },
  sqsRequests: { what: "SQS requests", unit: "request of 64 KB", dollars: 0.4, per: MILLION },
  lambdaRequests: { what: "Lambda requests", unit: "invocation", dollars: 0.2, per: MILLION },
  lambdaGigabyteSeconds: { what: "Lambda duration", unit: "GB-second on arm64", dollars: 0.0000133334, per: 1 },
  standardTransitions: { what: "Step Functions Standard", unit: "state transition", dollars: 25, per: MILLION },
  expressExecutions: { what: "Step Functions Express", unit: "execution", dollars: 1, per: MILLION },
  expressGigabyteSeconds: { what: "Step Functions Express duration", unit: "GB-second", dollars: 0.00001667, per: 1 },
  busEvents: { what: "EventBridge events between buses", unit: "event of 64 KB", dollars: 1, per: MILLION },
  mails: { what: "SES mails", unit: "mail", dollars: 0.1, per: 1000 },
  logGigabytes: { what: "CloudWatch Logs", unit: "GB", dollars: 0.5, per: 1 },
} as const satisfies Readonly<Record<string, Price>>;

/** Something that AWS bills. */
export type Billed = keyof typeof PRICES;

/** X-Ray is billed by the number of invocations a second, not by the number of findings; it is told beside the bill. https://aws.amazon.com/xray/pricing/ */
export const TRACE_PRICE: Price = { what: "X-Ray traces", unit: "trace", dollars: 5, per: MILLION };
