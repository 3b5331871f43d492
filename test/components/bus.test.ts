import assert from "node:assert/strict";
import { busPolicy } from "../../components/bus";
import { memberSide } from "../../components/forwarding/member-side";
import { parseSettings } from "../../settings";
import { type Declared, declareAggregation, ORGANIZATION_ID } from "./deployed";
import { CONFIG } from "./example-config";
import { sideWith } from "./forwarding/members";

const BUS = "arn:aws:events:eu-west-1:222222222222:event-bus/tocsin";

interface Statement {
  readonly Sid: string;
  readonly Principal: unknown;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const statements = (policy: string): Statement[] => JSON.parse(policy).Statement;

describe("the central bus", () => {
  let all: Declared[];
  before(async () => {
    all = await declareAggregation(CONFIG);
  });
  const rules = () => all.filter(({ type, inputs }) => type === "aws:cloudwatch/eventRule:EventRule" && inputs.eventBusName === "tocsin");

  it("lets only accounts of the Organization send, and only to it", () => {
    for (const { Action, Resource, Condition } of statements(busPolicy(sideWith(), ORGANIZATION_ID))) {
      assert.equal(Action, "events:PutEvents");
      assert.equal(Resource, BUS);
      assert.deepEqual(Condition.StringEquals, { "aws:PrincipalOrgID": ORGANIZATION_ID });
      assert.deepEqual(Condition.Null, { "events:source": "false" });
    }
  });

  it("takes from members what is forwarded and nothing else: no finding can come from there", () => {
    const [members, management, ...more] = statements(busPolicy(sideWith(), ORGANIZATION_ID));
    assert.equal(more.length, 0);
    assert.equal(members?.Principal, "*");
    assert.deepEqual(members?.Condition["ForAllValues:StringEquals"], { "events:source": ["aws.ec2", "tocsin.heartbeat"] });
    assert.deepEqual(management?.Principal, { AWS: "arn:aws:iam::111111111111:root" });
    assert.deepEqual(management?.Condition["ForAllValues:StringEquals"], { "events:source": ["aws.organizations"] });
    const [unguarded] = statements(busPolicy(memberSide(parseSettings("test", CONFIG)), ORGANIZATION_ID));
    assert.deepEqual(unguarded?.Condition["ForAllValues:StringEquals"], { "events:source": ["tocsin.heartbeat"] });
  });

  it("is deployed with that policy", () => {
    const [policy] = all.filter(({ type }) => type === "aws:cloudwatch/eventBusPolicy:EventBusPolicy");
    assert.equal(policy?.inputs.eventBusName, "tocsin");
    assert.equal(policy?.inputs.policy, busPolicy(memberSide(parseSettings("test", CONFIG)), ORGANIZATION_ID));
  });

  it("takes signs of life of everybody, and new accounts from the management account alone", () => {
    const patterns = Object.fromEntries(rules().map(({ inputs }) => [inputs.name, JSON.parse(String(inputs.eventPattern))]));
    assert.deepEqual(patterns["tocsin-heartbeat"], { source: ["tocsin.heartbeat"] });
    assert.deepEqual(patterns["tocsin-accounts"], {
      account: ["111111111111"],
      source: ["aws.organizations"],
      "detail-type": ["AWS Service Event via CloudTrail"],
      detail: { eventName: ["CreateAccountResult"] },
    });
  });

  it("starts the function that keeps the accounts by that one rule, and keeps what could not start it", () => {
    const [permission, ...more] = all.filter(({ type }) => type === "aws:lambda/permission:Permission").map(({ inputs }) => inputs);
    assert.equal(more.length, 0);
    assert.equal(permission?.function, "tocsin-accounts");
    assert.equal(permission?.sourceAccount, "222222222222");
    assert.equal(permission?.sourceArn, "arn:aws:events:eu-west-1:222222222222:rule/tocsin/tocsin-accounts");
    const target = all.find(({ type, name }) => type === "aws:cloudwatch/eventTarget:EventTarget" && name === "central-accounts");
    assert.match(JSON.stringify(target?.inputs.deadLetterConfig), /schedules-dlq/);
  });
});
