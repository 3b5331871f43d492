import assert from "node:assert/strict";
import { stackSetTemplate } from "../../../components/forwarding/stackset-template";
import type { Declared } from "../deployed";
import { declareForwarding, sideWith, viaProviders } from "./members";
import { evaluated, type Template, type TemplateResource } from "./template-values";

const ACCOUNT = "333333333333";

/** Values of both ways in one spelling: with the API's capital letters, policies as objects, nothing that is not there. */
function spelled(value: unknown): unknown {
  if (typeof value === "string" && /^[{[]/.test(value)) return spelled(JSON.parse(value));
  if (Array.isArray(value)) return value.map(spelled);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    entries.map(([key, inner]): [string, unknown] => [key.toLowerCase(), spelled(inner)]).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const policyOf = (policies: unknown): unknown => (policies as { PolicyDocument: unknown }[])[0]?.PolicyDocument;

/** What the template makes in a place, by kind and physical name. */
function ofTemplate(template: Template, region: string): Record<string, unknown> {
  const resources = Object.values(evaluated(template, { "AWS::AccountId": ACCOUNT, "AWS::Region": region }));
  const all = (type: string) => resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
  const [queue, policy, schedule] = ["SQS::Queue", "SQS::QueuePolicy", "Scheduler::Schedule"].map(
    (type) => all(`AWS::${type}`)[0] ?? {},
  ) as [Props, Props, Props];
  return {
    roles: byName(
      all("AWS::IAM::Role").map(({ RoleName, Description, AssumeRolePolicyDocument, Policies }) => ({
        name: RoleName,
        description: Description,
        trust: AssumeRolePolicyDocument,
        permissions: policyOf(Policies),
      })),
    ),
    queue: { name: queue.QueueName, retention: queue.MessageRetentionPeriod, encrypted: queue.SqsManagedSseEnabled },
    queuePolicy: policy.PolicyDocument,
    rules: byName(
      all("AWS::Events::Rule").map(({ Name, Description, EventPattern, Targets }) => {
        const [{ Id, ...target } = { Id: "" }, ...more] = Targets as { Id: string }[];
        assert.equal(more.length, 0);
        return { name: Name, description: Description, pattern: EventPattern, target: { targetId: Id, ...target } };
      }),
    ),
    schedule,
  };
}

type Props = TemplateResource["Properties"];

/** What the Pulumi resources make in a place, in the same form. */
function ofResources(all: readonly Declared[], region: string): Record<string, unknown> {
  const mine = all.filter(({ name }) => name.startsWith(ACCOUNT));
  const of = (type: string) =>
    mine.filter((one) => one.type === `aws:${type}` && (one.inputs.region === undefined || one.inputs.region === region));
  const one = (type: string): Declared["inputs"] => of(type)[0]?.inputs ?? {};
  const { region: _, ...schedule } = one("scheduler/schedule:Schedule");
  const queue = one("sqs/queue:Queue");
  const roles = of("iam/role:Role").map(({ name, inputs }) => ({
    name: inputs.name,
    description: inputs.description,
    trust: inputs.assumeRolePolicy,
    permissions: of("iam/rolePolicy:RolePolicy").find((policy) => policy.name === name)?.inputs.policy,
  }));
  return {
    roles: byName(region === "eu-west-1" ? roles : []),
    queue: { name: queue.name, retention: queue.messageRetentionSeconds, encrypted: queue.sqsManagedSseEnabled },
    queuePolicy: one("sqs/queuePolicy:QueuePolicy").policy,
    rules: byName(
      of("cloudwatch/eventRule:EventRule").map(({ name, inputs }) => {
        const target = of("cloudwatch/eventTarget:EventTarget").find((found) => found.name === name)?.inputs ?? {};
        const { rule, region: ___, ...rest } = target;
        assert.equal(rule, inputs.name);
        return { name: inputs.name, description: inputs.description, pattern: inputs.eventPattern, target: rest };
      }),
    ),
    schedule,
  };
}

const byName = (list: readonly { readonly name: unknown }[]): object => Object.fromEntries(list.map((one) => [String(one.name), one]));

describe("the member's side, by StackSet and by providers", () => {
  const template = stackSetTemplate(sideWith()) as Template;
  let resources: Declared[];
  before(async () => {
    resources = await declareForwarding(viaProviders(ACCOUNT));
  });

  for (const region of ["eu-west-1", "us-east-1"]) {
    it(`is the same in ${region}: patterns, targets, roles, policies, queue and schedule`, () => {
      const expected = spelled(ofTemplate(template, region)) as Record<string, object>;
      assert.deepEqual(spelled(ofResources(resources, region)), expected);
      assert.equal(Object.keys(expected.rules ?? {}).length, 2);
      assert.equal(Object.keys(expected.roles ?? {}).length, region === "eu-west-1" ? 3 : 0);
    });
  }

  const senders = (type: string) =>
    resources.filter((one) => one.type === type && one.name.startsWith(ACCOUNT) && !one.name.endsWith("-guard"));

  it("lets each role that sends be assumed by one service, on behalf of this account's own rules or schedules", () => {
    for (const { inputs } of senders("aws:iam/role:Role")) {
      const { Statement } = JSON.parse(String(inputs.assumeRolePolicy));
      assert.equal(Statement.length, 1);
      const { StringEquals, ArnLike } = Statement[0].Condition;
      assert.deepEqual(StringEquals, { "aws:SourceAccount": ACCOUNT });
      assert.match(
        ArnLike["aws:SourceArn"],
        /^arn:aws:(events:\*:333333333333:rule\/tocsin-forward-\*|scheduler:\*:333333333333:schedule-group\/default)$/,
      );
    }
  });

  it("lets such a role do one thing: send to the central bus, or put signs of life on the own default buses", () => {
    const permissions = senders("aws:iam/rolePolicy:RolePolicy").map(({ inputs }) => JSON.parse(String(inputs.policy)).Statement);
    assert.equal(permissions.length, 2);
    for (const [statement, ...more] of permissions) {
      assert.equal(more.length, 0);
      assert.deepEqual(statement.Action, ["events:PutEvents"]);
    }
    assert.deepEqual(permissions[0][0].Resource, ["arn:aws:events:eu-west-1:222222222222:event-bus/tocsin"]);
    assert.deepEqual(permissions[1][0].Resource, [
      `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/default`,
      `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/default`,
    ]);
  });

  it("keeps what cannot be sent for 14 days, encrypted", () => {
    for (const { inputs } of resources.filter(({ type }) => type === "aws:cloudwatch/eventTarget:EventTarget")) {
      assert.match(JSON.stringify(inputs.deadLetterConfig), /:tocsin-forwarding-dlq"/);
    }
  });
});
