import assert from "node:assert/strict";
import { isKept } from "../../bench/check";
import { merged, sdkImports } from "../../bench/sdk-clients";
import { median, significant } from "../../bench/statistics";
import { lambdaGigabyteSeconds, logGigabytes } from "../../bench/unseen";

describe("a measured figure", () => {
  const check = { what: "requests", unit: "", measured: 2 };
  it("is kept up to its budget, and broken above", () => {
    assert.equal(isKept({ ...check, budget: 2 }), true);
    assert.equal(isKept({ ...check, budget: 1.9 }), false);
  });
  it("is neither without a budget", () => assert.equal(isKept(check), undefined));
});

describe("figures", () => {
  it("have a median, whatever their order", () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.throws(() => median([]), RangeError);
  });
  it("are written with three digits that matter", () =>
    assert.deepEqual(
      [1.23456, 123_456, 0].map((value) => significant(value)),
      [1.23, 123_000, 0],
    ));
});

describe("what counters cannot see", () => {
  it("bills processor time as a whole processor, and waiting by memory", () => {
    assert.equal(lambdaGigabyteSeconds(1000, {}), 1769 / 1024);
    assert.equal(lambdaGigabyteSeconds(0, { "ses:SendEmail": 10, "lambda:Invoke": 10 }), 1);
  });
  it("adds Lambda's own log lines for each invocation", () => {
    assert.equal(logGigabytes({ lines: 0, bytes: 0, invocations: 0 }), 0);
    assert.equal(logGigabytes({ lines: 1, bytes: 100, invocations: 1 }), (100 + 420 + 4 * 26) / 1e9);
  });
});

describe("the AWS SDK of a function", () => {
  it("is what its sources import of clients, without types", () => {
    const source = [
      'import { type AttributeValue, DynamoDBClient,\n  GetItemCommand } from "@aws-sdk/client-dynamodb";',
      'import { unmarshall } from "@aws-sdk/util-dynamodb";',
      'import type { SQSClient } from "@aws-sdk/client-sqs";',
      'import { type SFNClient } from "@aws-sdk/client-sfn";',
    ].join("\n");
    assert.deepEqual(sdkImports(source), [{ from: "@aws-sdk/client-dynamodb", names: ["DynamoDBClient", "GetItemCommand"] }]);
  });
  it("names each client once", () => {
    assert.deepEqual(
      merged([
        { from: "b", names: ["Y", "X"] },
        { from: "a", names: ["Z"] },
        { from: "b", names: ["X"] },
      ]),
      [
        { from: "a", names: ["Z"] },
        { from: "b", names: ["X", "Y"] },
      ],
    );
  });
});
