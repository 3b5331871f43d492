import assert from "node:assert/strict";
import { Iam } from "../../../sandbox/cloud/iam";
import { type Known, type Permission, permissionsOf } from "../../../sandbox/cloud/iam-actions";
import { ORGANIZATION_ID } from "../../../sandbox/organization";

const ACCOUNT = "222222222222";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/triage`;
const TABLE = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/episodes`;
const TRUST = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

function iamWith(...statements: object[]): { iam: Iam; said: string[] } {
  const said: string[] = [];
  const iam = new Iam((text) => said.push(text));
  iam.policies.declareRole(ACCOUNT, "triage", TRUST);
  iam.policies.putPolicy(ACCOUNT, "triage", "own", JSON.stringify({ Version: "2012-10-17", Statement: statements }));
  return { iam, said };
}
const allow = (Action: string | string[], Resource: string | string[], Condition?: object) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition && { Condition }),
});

describe("IAM in the sandbox", () => {
  it("a role may do what its policy says, on the resource that it names", async () => {
    const { iam } = iamWith(allow("dynamodb:UpdateItem", TABLE));
    assert.equal(await iam.authorize({ principal: ROLE, action: "dynamodb:UpdateItem", resource: TABLE }), true);
    assert.equal(await iam.authorize({ principal: ROLE, action: "dynamodb:UpdateItem", resource: `${TABLE}2` }), false);
    assert.equal(await iam.authorize({ principal: ROLE, action: "dynamodb:PutItem", resource: TABLE }), false);
    assert.deepEqual(iam.denied, [
      { principal: ROLE, action: "dynamodb:UpdateItem", resource: `${TABLE}2` },
      { principal: ROLE, action: "dynamodb:PutItem", resource: TABLE },
    ]);
  });

  it("a role that nobody created may do nothing", async () => {
    const { iam } = iamWith();
    assert.equal(await iam.authorize({ principal: `${ROLE}-other`, action: "dynamodb:UpdateItem", resource: TABLE }), false);
  });

  it("an explicit deny wins", async () => {
    const { iam } = iamWith(allow("dynamodb:*", "*"), { Effect: "Deny", Action: "dynamodb:DeleteTable", Resource: "*" });
    assert.equal(await iam.authorize({ principal: ROLE, action: "dynamodb:DeleteTable", resource: TABLE }), false);
    assert.equal(await iam.authorize({ principal: ROLE, action: "dynamodb:DeleteItem", resource: TABLE }), true);
  });

  it("conditions count, and a cached verdict does not leak into another context", async () => {
    const identity = `arn:aws:ses:eu-west-1:${ACCOUNT}:identity/example.com`;
    const { iam } = iamWith(allow("ses:SendEmail", identity, { StringEquals: { "ses:FromAddress": "tocsin@example.com" } }));
    const send = (from: string) =>
      iam.authorize({ principal: ROLE, action: "ses:SendEmail", resource: identity, context: { "ses:FromAddress": from } });
    assert.equal(await send("tocsin@example.com"), true);
    assert.equal(await send("boss@example.com"), false);
    assert.equal(await send("tocsin@example.com"), true);
  });

  it("a policy added later counts at once", async () => {
    const { iam } = iamWith();
    const ask = () => iam.authorize({ principal: ROLE, action: "dynamodb:UpdateItem", resource: TABLE });
    assert.equal(await ask(), false);
    iam.policies.putPolicy(ACCOUNT, "triage", "more", { Version: "2012-10-17", Statement: [allow("dynamodb:UpdateItem", TABLE)] });
    assert.equal(await ask(), true);
  });

  it("a bus policy lets in members of the Organization with the sources and detail types that it names, and nobody else", async () => {
    const bus = `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/tocsin`;
    const member = "arn:aws:iam::333333333333:role/forward";
    const { iam } = iamWith();
    iam.policies.declareRole("333333333333", "forward", TRUST);
    iam.policies.putPolicy("333333333333", "forward", "own", { Version: "2012-10-17", Statement: [allow("events:PutEvents", bus)] });
    const put = (principal: string, source: string, { type = "a", organization = ORGANIZATION_ID } = {}) =>
      iam.authorize({
        principal,
        action: "events:PutEvents",
        resource: bus,
        context: { "events:source": source, "events:detail-type": type },
        resourcePolicy: {
          Version: "2012-10-17",
          Statement: [
            {
              ...allow("events:PutEvents", bus, {
                StringEquals: { "aws:PrincipalOrgID": organization },
                "ForAllValues:StringEquals": { "events:source": ["aws.ec2", "tocsin.heartbeat"], "events:detail-type": ["a", "b"] },
                Null: { "events:source": "false" },
              }),
              Principal: "*",
            },
          ],
        },
      });
    for (const principal of [member, "arn:aws:iam::333333333333:root"]) {
      assert.equal(await put(principal, "aws.ec2"), true);
      assert.equal(await put(principal, "tocsin.heartbeat"), true);
      assert.equal(await put(principal, "aws.securityhub"), false);
      assert.equal(await put(principal, "aws.ec2", { type: "c" }), false);
      assert.equal(await put(principal, "aws.ec2", { organization: "o-other" }), false);
    }
    assert.equal(await put("arn:aws:iam::333333333333:role/other", "aws.ec2"), false, "the member has to allow it, too");
  });

  it("a resource policy lets in a service and other accounts of the Organization, under its conditions", async () => {
    const { iam } = iamWith();
    const queue = `arn:aws:sqs:eu-west-1:${ACCOUNT}:intake`;
    const rule = `arn:aws:events:eu-west-1:${ACCOUNT}:rule/r`;
    const statement = {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queue,
      Condition: { ArnEquals: { "aws:SourceArn": rule } },
    };
    const send = (source: string) =>
      iam.authorize({
        principal: "events.amazonaws.com",
        action: "sqs:SendMessage",
        resource: queue,
        context: { "aws:SourceArn": source },
        resourcePolicy: { Version: "2012-10-17", Statement: [statement] },
      });
    assert.equal(await send(rule), true);
    assert.equal(await send(`${rule}2`), false);

    const bus = `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/tocsin`;
    const put = (organization: string) =>
      iam.authorize({
        principal: "arn:aws:iam::333333333333:root",
        action: "events:PutEvents",
        resource: bus,
        resourcePolicy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: "*",
              Action: "events:PutEvents",
              Resource: bus,
              Condition: { StringEquals: { "aws:PrincipalOrgID": organization } },
            },
          ],
        },
      });
    assert.equal(await put(ORGANIZATION_ID), true);
    assert.equal(await put("o-somebodyelse"), false);
  });

  it("an action that does not exist is refused, and said so", async () => {
    const { iam, said } = iamWith(allow("*", "*"));
    assert.equal(await iam.authorize({ principal: ROLE, action: "dynamodb:Teleport", resource: "*" }), false);
    assert.match(said[0] ?? "", /no action dynamodb:Teleport/);
  });

  it("documents of AWS itself, which have no account, can be granted", async () => {
    const document = "arn:aws:ssm:eu-west-1::document/AWS-RunShellScript";
    const { iam } = iamWith(allow("ssm:SendCommand", document));
    assert.equal(await iam.authorize({ principal: ROLE, action: "ssm:SendCommand", resource: document }), true);
    assert.equal(
      await iam.authorize({ principal: ROLE, action: "ssm:SendCommand", resource: "arn:aws:ssm:eu-west-1::document/AWS-Other" }),
      false,
    );
  });

  it("a granted permission that no call uses is reported", async () => {
    const { iam } = iamWith(allow(["dynamodb:UpdateItem", "dynamodb:Get*", "sqs:SendMessage"], "*"));
    await iam.authorize({ principal: ROLE, action: "dynamodb:GetItem", resource: TABLE });
    assert.deepEqual(iam.unusedPermissions(), [
      { principal: ROLE, action: "dynamodb:UpdateItem" },
      { principal: ROLE, action: "sqs:SendMessage" },
    ]);
  });

  it("a policy that is no policy is refused at once", () => {
    const { iam } = iamWith();
    assert.throws(() => iam.policies.putPolicy(ACCOUNT, "triage", "bad", "{"), /policy bad of role triage is not JSON/);
    assert.throws(() => iam.policies.attach(ACCOUNT, "triage", "arn:aws:iam::aws:policy/Unheard"), /does not know the managed policy/);
  });

  it("a verdict that is known takes far less than a millisecond", async () => {
    const { iam } = iamWith(allow("dynamodb:UpdateItem", TABLE));
    const ask = () => iam.authorize({ principal: ROLE, action: "dynamodb:UpdateItem", resource: TABLE });
    await ask();
    const start = performance.now();
    for (let count = 0; count < 1_000; count++) await ask();
    assert.ok(performance.now() - start < 1_000);
  });
});

describe("which permissions a call needs", () => {
  const known: Known = {
    secretArn: (_, name) => `arn:secret:${name}`,
    tagsOf: async () => ({}),
    senderIdentity: (_, address) => address.split("@")[1] ?? "",
  };
  const of = (service: string, operation: string, input: Record<string, unknown>): readonly (readonly [string, string])[] =>
    permissionsOf({ account: ACCOUNT, region: "eu-west-1", service, operation, principal: ROLE, input, headers: {} }, known).map(
      ({ action, resource }: Permission) => [action, resource] as const,
    );
  const cases: [name: string, actual: readonly (readonly [string, string])[], expected: [string, string][]][] = [
    ["a table", of("dynamodb", "UpdateItem", { TableName: "episodes", Key: { pk: { S: "x" } } }), [["dynamodb:UpdateItem", TABLE]]],
    ["an index", of("dynamodb", "Query", { TableName: "episodes", IndexName: "due" }), [["dynamodb:Query", `${TABLE}/index/due`]]],
    [
      "PartiQL, by its verb",
      of("dynamodb", "BatchExecuteStatement", {
        Statements: [{ Statement: 'UPDATE "episodes" SET a=? WHERE pk=?' }, { Statement: 'SELECT * FROM "episodes"."due" WHERE a=1' }],
      }),
      [
        ["dynamodb:PartiQLUpdate", TABLE],
        ["dynamodb:PartiQLSelect", `${TABLE}/index/due`],
      ],
    ],
    [
      "each table of a batch",
      of("dynamodb", "BatchWriteItem", { RequestItems: { episodes: [], other: [] } }),
      [
        ["dynamodb:BatchWriteItem", TABLE],
        ["dynamodb:BatchWriteItem", TABLE.replace("episodes", "other")],
      ],
    ],
    [
      "a queue, by its URL, batches as single messages",
      of("sqs", "SendMessageBatch", { QueueUrl: "https://sqs.eu-west-1.amazonaws.com/333333333333/q" }),
      [["sqs:SendMessage", "arn:aws:sqs:eu-west-1:333333333333:q"]],
    ],
    [
      "a function",
      of("lambda", "Invoke", { FunctionName: "f", Qualifier: "live" }),
      [["lambda:InvokeFunction", `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:f:live`]],
    ],
    ["a state machine", of("states", "StartExecution", { stateMachineArn: "arn:m" }), [["states:StartExecution", "arn:m"]]],
    [
      "a sender and the configuration set",
      of("ses", "SendEmail", { FromEmailAddress: "T <t@example.com>", ConfigurationSetName: "c", Content: { Simple: {} } }),
      [
        ["ses:SendEmail", `arn:aws:ses:eu-west-1:${ACCOUNT}:identity/example.com`],
        ["ses:SendEmail", `arn:aws:ses:eu-west-1:${ACCOUNT}:configuration-set/c`],
      ],
    ],
    [
      "the hub",
      of("securityhub", "GetFindings", {}),
      [["securityhub:GetFindings", `arn:aws:securityhub:eu-west-1:${ACCOUNT}:hub/default`]],
    ],
    [
      "a secret",
      of("secretsmanager", "GetSecretValue", { SecretId: "tocsin/slack" }),
      [["secretsmanager:GetSecretValue", "arn:secret:tocsin/slack"]],
    ],
    ["an object", of("s3", "PutObject", { Bucket: "b", Key: "k/x" }), [["s3:PutObject", "arn:aws:s3:::b/k/x"]]],
    [
      "a security group",
      of("ec2", "RevokeSecurityGroupIngress", { GroupId: "sg-1" }),
      [["ec2:RevokeSecurityGroupIngress", `arn:aws:ec2:eu-west-1:${ACCOUNT}:security-group/sg-1`]],
    ],
    [
      "an organizational unit",
      of("organizations", "DescribeOrganizationalUnit", { OrganizationalUnitId: "ou-root-production" }),
      [["organizations:DescribeOrganizationalUnit", `arn:aws:organizations::111111111111:ou/${ORGANIZATION_ID}/ou-root-production`]],
    ],
    ["nothing for asking who one is", of("sts", "GetCallerIdentity", {}), []],
    ["the operation itself where no rule is known", of("inspector2", "ListCoverage", {}), [["inspector2:ListCoverage", "*"]]],
  ];
  for (const [name, actual, expected] of cases)
    it(name, () => {
      assert.deepEqual(actual, expected);
    });
});
