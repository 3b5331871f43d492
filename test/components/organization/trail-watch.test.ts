import assert from "node:assert/strict";
import { SECURITY_GROUP_CALLS } from "../../../functions/security-groups/calls";
import { statementsOf } from "../deployed";
import { type DeclaredPart, declareOrganization } from "./declared";

const GUARD = { "tocsin:securityGroupGuard": {} };
const WATCH = /trail-watch|security-group-changes/;

describe("the second way to hear of changed security groups", () => {
  let all: DeclaredPart[];
  const inputsOf = (label: string): DeclaredPart["inputs"] => {
    const found = all.find((part) => part.label === label);
    assert.ok(found, label);
    return found.inputs;
  };

  before(async () => {
    all = await declareOrganization({}, GUARD);
  });

  it("is the organization trail's own log, kept for 90 days in the management account", () => {
    const { cloudWatchLogsGroupArn, cloudWatchLogsRoleArn } = inputsOf("cloudtrail:Trail organization-trail");
    assert.deepEqual(
      [cloudWatchLogsGroupArn, cloudWatchLogsRoleArn],
      ["arn:of:cloudwatch:LogGroup trail-watch:*", "arn:of:iam:Role trail-watch"],
    );
    const { name, retentionInDays } = inputsOf("cloudwatch:LogGroup trail-watch");
    assert.deepEqual([name, retentionInDays], ["/aws/cloudtrail/tocsin-trail-watch", 90]);
  });

  it("counts each of the nine calls", () => {
    const { pattern, logGroupName, metricTransformation } = inputsOf("cloudwatch:LogMetricFilter trail-watch");
    assert.equal(logGroupName, "/aws/cloudtrail/tocsin-trail-watch");
    const counted = [...String(pattern).matchAll(/\(\$\.eventName = (\w+)\)/g)].map(([, call]) => call);
    assert.deepEqual(counted, [...SECURITY_GROUP_CALLS]);
    assert.match(String(pattern), /^\{ \(.*\) \}$/);
    assert.ok(String(pattern).length <= 1024);
    const { namespace, name } = metricTransformation as { namespace: string; name: string };
    const alarm = inputsOf("cloudwatch:MetricAlarm security-group-changes");
    assert.deepEqual([alarm.namespace, alarm.metricName, alarm.threshold], [namespace, name, 0]);
  });

  it("tells those who hear of alarms", () => {
    const subscriptions = all.filter(({ label }) => label.startsWith("sns:TopicSubscription"));
    assert.deepEqual(subscriptions.map(({ inputs }) => inputs.endpoint).sort(), ["patching@example.com", "soc@example.com"]);
  });

  it("lets CloudTrail write to that log and do nothing else, without a condition, which CloudTrail does not know here", () => {
    const [trust] = statementsOf(inputsOf("iam:Role trail-watch").assumeRolePolicy);
    assert.deepEqual([trust?.Principal, trust?.Condition], [{ Service: "cloudtrail.amazonaws.com" }, undefined]);
    const [statement, ...more] = statementsOf(inputsOf("iam:RolePolicy trail-watch").policy);
    assert.deepEqual(more, []);
    assert.deepEqual(statement?.Action, ["logs:CreateLogStream", "logs:PutLogEvents"]);
    assert.deepEqual(statement?.Resource, [
      "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/cloudtrail/tocsin-trail-watch:log-stream:*",
    ]);
  });

  it("is there only with the guard and a trail of ours, and goes with them", async () => {
    const watching = async (organization: object, guard: object): Promise<string[]> =>
      (await declareOrganization({ ...organization }, { ...guard })).map(({ label }) => label).filter((label) => WATCH.test(label));
    assert.ok((await watching({}, GUARD)).length > 0);
    assert.deepEqual(await watching({}, {}), []);
    assert.deepEqual(await watching({ manage: { trail: false } }, GUARD), []);
    assert.deepEqual(await watching({ existingTrail: "arn:aws:cloudtrail:eu-west-1:111111111111:trail/audit" }, GUARD), []);
    assert.ok(all.filter(({ label }) => WATCH.test(label)).every(({ retainOnDelete, protect }) => !retainOnDelete && !protect));
  });
});
