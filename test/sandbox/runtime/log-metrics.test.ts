import assert from "node:assert/strict";
import type { GraphResource } from "../../../sandbox/types";
import { deploy, HOME, MEMBER, resource } from "./support/stack";

const MANAGEMENT = { account: "111111111111", region: "eu-west-1" };
const GROUP = `arn:aws:logs:${MANAGEMENT.region}:${MANAGEMENT.account}:log-group:trail:*`;

const trail = (values: Record<string, unknown> = {}): GraphResource =>
  resource(
    "aws:cloudtrail/trail",
    { name: "all", cloudWatchLogsGroupArn: GROUP, isOrganizationTrail: true, isMultiRegionTrail: true, ...values },
    MANAGEMENT,
  );
const filter = (pattern: string): GraphResource =>
  resource(
    "aws:cloudwatch/logMetricFilter",
    { name: "changes", logGroupName: "trail", pattern, metricTransformation: { name: "Changes", namespace: "Control", value: "1" } },
    MANAGEMENT,
  );
const alarm = resource(
  "aws:cloudwatch/metricAlarm",
  {
    name: "changed",
    arn: `arn:aws:cloudwatch:${MANAGEMENT.region}:${MANAGEMENT.account}:alarm:changed`,
    namespace: "Control",
    metricName: "Changes",
    statistic: "Sum",
    period: 300,
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "notBreaching",
  },
  MANAGEMENT,
);
const call = (eventName: string) => ({ source: "aws.ec2", "detail-type": "AWS API Call via CloudTrail", detail: { eventName } });
const PATTERN = "{ ($.eventName = DeleteSecurityGroup) || ($.eventName = CreateSecurityGroup) }";

describe("an alarm on what a trail writes down", () => {
  async function rings(resources: GraphResource[], eventName: string, place = MEMBER): Promise<string[]> {
    const stack = await deploy([...resources, alarm]);
    stack.runtime.serviceEvent(place, call(eventName));
    await stack.runtime.quiet();
    const ringing = stack.runtime.alarms();
    await stack.close();
    return ringing;
  }

  it("rings at a call in any account and Region that the trail of the Organization covers", async () => {
    assert.deepEqual(await rings([trail(), filter(PATTERN)], "CreateSecurityGroup"), ["changed"]);
    assert.deepEqual(await rings([trail(), filter(PATTERN)], "CreateSecurityGroup", { ...HOME, region: "us-east-1" }), ["changed"]);
  });

  it("does not ring at other calls, nor where the trail does not look", async () => {
    assert.deepEqual(await rings([trail(), filter(PATTERN)], "RunInstances"), []);
    assert.deepEqual(await rings([trail({ isOrganizationTrail: false }), filter(PATTERN)], "CreateSecurityGroup"), []);
    assert.deepEqual(
      await rings([trail({ isMultiRegionTrail: false }), filter(PATTERN)], "CreateSecurityGroup", { ...MEMBER, region: "us-east-1" }),
      [],
    );
    assert.deepEqual(await rings([trail({ cloudWatchLogsGroupArn: undefined }), filter(PATTERN)], "CreateSecurityGroup"), []);
  });

  it("is named with the reason when its filter cannot be evaluated", async () => {
    const stack = await deploy([trail(), filter("ERROR"), alarm]);
    assert.deepEqual(stack.runtime.unknownFilters, [{ name: "changes", reason: "only patterns for JSON, in braces, are known" }]);
    await stack.close();
  });
});
