import assert from "node:assert/strict";
import { fullGraph, type Graph, statementsOf } from "./deployed";

const queue = (name: string): string => `arn:aws:sqs:eu-west-1:222222222222:tocsin-${name}`;
const TABLE = "arn:aws:dynamodb:eu-west-1:222222222222:table/tocsin-episodes";

describe("storms", function () {
  this.timeout(60_000);
  let graph: Graph;

  before(async () => {
    graph = await fullGraph();
  });

  it("keep the full lists where nobody gets in from outside, encrypted, for as long as the log", () => {
    const bucket = "tocsin-storms-222222222222";
    assert.equal(graph.one("s3/bucket:Bucket", "storms").bucket, bucket);
    assert.deepEqual(graph.one("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "storms"), {
      bucket,
      region: "eu-west-1",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.deepEqual(graph.one("s3/bucketOwnershipControls:BucketOwnershipControls", "storms").rule, {
      objectOwnership: "BucketOwnerEnforced",
    });
    assert.deepEqual(graph.one("s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "storms").rules, [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    const [rule] = graph.one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "storms").rules as { expiration: object }[];
    assert.deepEqual(rule?.expiration, { days: 90 });
    const policy = statementsOf(graph.one("s3/bucketPolicy:BucketPolicy", "storms").policy);
    assert.deepEqual(
      policy.map(({ Effect, Resource, Condition }) => [Effect, Resource, Condition]),
      [["Deny", [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`], { Bool: { "aws:SecureTransport": "false" } }]],
    );
  });

  it("are told by a function that may do just that", () => {
    assert.deepEqual(graph.permissionsOf("storms"), {
      ReadsQueue: [["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"], [queue("storms")]],
      UsesTable: [["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:UpdateItem"], [TABLE]],
      ReadsDue: [["dynamodb:Query"], [`${TABLE}/index/due`]],
      AsksOrganizations: [
        ["organizations:DescribeAccount", "organizations:ListParents", "organizations:DescribeOrganizationalUnit"],
        ["*"],
      ],
      StartsAlert: [["states:StartSyncExecution"], ["arn:aws:states:eu-west-1:222222222222:stateMachine:tocsin-alert"]],
      SendsToQueues: [["sqs:SendMessage"], [queue("write-back")]],
      WritesFiles: [["s3:PutObject"], ["arn:aws:s3:::tocsin-storms-222222222222/storms/*"]],
    });
  });

  it("are held by those who decide to tell: triage and reminders know the bound and may send to the queue", () => {
    for (const handler of ["triage", "reminders"]) {
      const { STORM, STORMS_URL } = graph.environmentOf(handler);
      assert.deepEqual(STORM, { over: 20, within: "10m" }, handler);
      assert.equal(STORMS_URL, "https://url-of/storms", handler);
      const [, queues] = graph.permissionsOf(handler).SendsToQueues ?? [];
      assert.ok((queues as string[]).includes(queue("storms")), handler);
    }
  });

  it("are late by no more than half an hour without an alarm", () => {
    assert.equal(graph.one("cloudwatch/metricAlarm:MetricAlarm", "storms-late").threshold, 1800);
  });
});
