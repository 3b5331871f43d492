import assert from "node:assert/strict";
import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeOrganizationalUnitCommand,
  ListAccountsCommand,
  ListParentsCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { BatchUpdateFindingsCommand, GetFindingsCommand, SecurityHubClient } from "@aws-sdk/client-securityhub";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@smithy/signature-v4";
import { startCloud } from "../../../sandbox/cloud";
import { ACCOUNTS } from "../../../sandbox/organization";
import { objectOf } from "../../../sandbox/replay/message";
import type { Asff, Cloud, ObservedCall } from "../../../sandbox/types";

/** SHA-256 as the signer wants it. */
class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined
        ? createHash("sha256")
        : createHmac("sha256", typeof secret === "string" ? secret : Buffer.from(secret as Uint8Array));
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  reset(): void {}
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

const home = { account: "222222222222", region: "eu-west-1" };
const arn = (service: string, resource: string) => `arn:aws:${service}:${home.region}:${home.account}:${resource}`;
const allow = (Action: string | string[], Resource: string | string[]) => ({ Effect: "Allow", Action, Resource });
const ITEM = { pk: { S: "a" } };

describe("the emulated cloud", () => {
  let now = Date.parse("2026-03-01T09:00:00Z");
  let cloud: Cloud;
  let role: string;
  let milliseconds = 0;
  const said: string[] = [];
  const observed: ObservedCall[] = [];

  const create = (type: string, name: string, inputs: Record<string, unknown>, account = home.account) =>
    cloud.provisioner.create({ urn: `urn:pulumi:s::p::${type}::${name}`, type, name, inputs, provider: { account, region: home.region } });
  const grant = async (
    name: string,
    statements: object[],
    account = home.account,
    principal: object = { Service: "lambda.amazonaws.com" },
  ) => {
    const trust = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }],
    });
    const { id, outputs } = await create("aws:iam/role:Role", name, { name, assumeRolePolicy: trust }, account);
    await create(
      "aws:iam/rolePolicy:RolePolicy",
      name,
      { role: id, policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }) },
      account,
    );
    return String(outputs.arn);
  };
  const as = async (roleArn = role) => ({
    endpoint: cloud.endpoint,
    region: home.region,
    credentials: await cloud.credentialsFor(roleArn),
    maxAttempts: 1,
  });

  before(async () => {
    const start = performance.now();
    cloud = await startCloud({ now: () => now, progress: (text) => said.push(text) });
    milliseconds = performance.now() - start;
    cloud.observe((call) => observed.push(call));
    await create("aws:dynamodb/table:Table", "episodes", {
      name: "episodes",
      attributes: ["pk", "shard", "due"].map((name) => ({ name, type: "S" })),
      hashKey: "pk",
      billingMode: "PAY_PER_REQUEST",
      globalSecondaryIndexes: [{ name: "due", hashKey: "shard", rangeKey: "due", projectionType: "KEYS_ONLY" }],
      ttl: { attributeName: "expires", enabled: true },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      deletionProtectionEnabled: true,
    });
    await create("aws:sesv2/configurationSet:ConfigurationSet", "mail", { configurationSetName: "mail" });
    await create("aws:sesv2/emailIdentity:EmailIdentity", "from", { emailIdentity: "tocsin@example.com" });
    await create("aws:s3/bucket:Bucket", "evidence", { bucket: "evidence" });
    await create("aws:sns/topic:Topic", "alarms", { name: "alarms" });
    await cloud.call(home, "secretsmanager", "CreateSecret", { Name: "tocsin/slack", SecretString: "xoxb" });
    role = await grant("function", [
      allow(["dynamodb:UpdateItem", "dynamodb:GetItem", "dynamodb:PartiQLUpdate"], arn("dynamodb", "table/episodes")),
      allow("dynamodb:Query", arn("dynamodb", "table/episodes/index/due")),
      allow("ses:SendEmail", [arn("ses", "identity/tocsin@example.com"), arn("ses", "configuration-set/mail")]),
      allow(["organizations:ListAccounts", "organizations:ListParents", "organizations:DescribeOrganizationalUnit"], "*"),
      allow(["securityhub:GetFindings", "securityhub:BatchUpdateFindings"], arn("securityhub", "hub/default")),
      allow("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:tocsin/slack-??????")),
      allow("sns:Publish", arn("sns", "alarms")),
      allow("sqs:SendMessage", arn("sqs", "intake")),
      allow(["s3:PutObject", "s3:GetObject"], "arn:aws:s3:::evidence/*"),
      allow("sts:AssumeRole", "arn:aws:iam::333333333333:role/tocsin-guard"),
    ]);
  });
  after(() => cloud.close());

  it("is ready within 4 seconds", () => {
    assert.ok(milliseconds < 4_000, `${milliseconds} ms`);
  });

  it("has the fixed accounts in their units", async () => {
    const client = new OrganizationsClient(await as());
    const { Accounts = [] } = await client.send(new ListAccountsCommand({}));
    assert.deepEqual(
      Accounts.map(({ Id, Name }) => [Id, Name]),
      ACCOUNTS.map(({ id, name }) => [id, name]),
    );
    const { Parents = [] } = await client.send(new ListParentsCommand({ ChildId: "333333333333" }));
    const { OrganizationalUnit } = await client.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: Parents[0]?.Id }));
    assert.equal(OrganizationalUnit?.Name, "Production");
  });

  it("has the declared table, and conditional updates hold when many come at once", async () => {
    const client = new DynamoDBClient(await as());
    const claim = new UpdateItemCommand({
      TableName: "episodes",
      Key: ITEM,
      UpdateExpression: "SET claimed = :t, #shard = :s, due = :d",
      ConditionExpression: "attribute_not_exists(claimed)",
      ExpressionAttributeNames: { "#shard": "shard" },
      ExpressionAttributeValues: { ":t": { BOOL: true }, ":s": { S: "0" }, ":d": { S: "2026" } },
    });
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => client.send(claim)));
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    const refused = outcomes.find((outcome) => outcome.status === "rejected");
    assert.equal(refused?.reason.name, "ConditionalCheckFailedException");
    const { Items } = await client.send(
      new QueryCommand({
        TableName: "episodes",
        IndexName: "due",
        KeyConditionExpression: "#shard = :s",
        ExpressionAttributeNames: { "#shard": "shard" },
        ExpressionAttributeValues: { ":s": { S: "0" } },
      }),
    );
    assert.equal(Items?.length, 1);
  });

  it("updates many records in one PartiQL call", async () => {
    const client = new DynamoDBClient(await as());
    const statement = 'UPDATE "episodes" SET mark=? WHERE pk=?';
    const { Responses = [] } = await client.send(
      new BatchExecuteStatementCommand({
        Statements: [
          { Statement: statement, Parameters: [{ S: "m" }, ITEM.pk] },
          { Statement: statement, Parameters: [{ S: "m" }, { S: "absent" }] },
        ],
      }),
    );
    assert.deepEqual(
      Responses.map(({ Error: error }) => error?.Code),
      [undefined, "ConditionalCheckFailed"],
    );
    const { Item } = await client.send(new GetItemCommand({ TableName: "episodes", Key: ITEM }));
    assert.equal(Item?.mark?.S, "m");
  });

  it("refuses what the role's policy does not allow, as AWS does, and lists it", async () => {
    const client = new DynamoDBClient(await as());
    await assert.rejects(client.send(new PutItemCommand({ TableName: "episodes", Item: ITEM })), (error: Error) => {
      assert.equal(error.name, "AccessDeniedException");
      assert.match(
        error.message,
        /^User: arn:aws:sts::222222222222:assumed-role\/function\/\S+ is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:222222222222:table\/episodes because no identity-based policy allows/,
      );
      return true;
    });
    assert.deepEqual(cloud.denied.at(-1), { principal: role, action: "dynamodb:PutItem", resource: arn("dynamodb", "table/episodes") });
  });

  it("refuses credentials that it did not issue", async () => {
    const client = new DynamoDBClient({ ...(await as()), credentials: { accessKeyId: "AKIDSTRANGER", secretAccessKey: "x" } });
    await assert.rejects(client.send(new GetItemCommand({ TableName: "episodes", Key: ITEM })), { name: "UnrecognizedClientException" });
  });

  it("lets calls fail by times, counts and observes them, and spares the sandbox's own", async () => {
    const client = new SESv2Client(await as());
    const send = () =>
      client.send(
        new SendEmailCommand({
          FromEmailAddress: "Tocsin <tocsin@example.com>",
          Destination: { ToAddresses: ["soc@example.com"] },
          ConfigurationSetName: "mail",
          Content: { Simple: { Subject: { Data: "s" }, Body: { Text: { Data: "t" } } } },
        }),
      );
    cloud.fault({ service: "ses", operation: "SendEmail", error: "ThrottlingException", status: 429, times: 2 });
    await assert.rejects(send(), { name: "ThrottlingException" });
    await cloud.call(home, "ses", "SendEmail", {
      FromEmailAddress: "tocsin@example.com",
      Destination: { ToAddresses: ["a@example.com"] },
      Content: { Simple: { Subject: { Data: "s" }, Body: { Text: { Data: "t" } } } },
    });
    await assert.rejects(send(), { name: "ThrottlingException" });
    const { MessageId } = await send();
    assert.equal(cloud.counters["ses:SendEmail"], 3);
    const calls = observed.filter(({ call }) => call.operation === "SendEmail");
    assert.deepEqual(
      calls.map(({ status }) => status),
      [429, 429, 200],
    );
    assert.deepEqual(calls.at(-1)?.answer, { MessageId });
    assert.equal(calls.at(-1)?.call.input.FromEmailAddress, "Tocsin <tocsin@example.com>");
  });

  it("lets calls fail until a virtual time", async () => {
    const client = new DynamoDBClient(await as());
    const get = () => client.send(new GetItemCommand({ TableName: "episodes", Key: ITEM }));
    cloud.fault({ service: "dynamodb", error: "InternalServerError", status: 500, until: now + 60_000 });
    await assert.rejects(get(), { name: "InternalServerError" });
    now += 60_000;
    assert.ok((await get()).Item);
  });

  it("does not make clients try again because the virtual clock is far from theirs", async () => {
    const client = new DynamoDBClient({ ...(await as()), maxAttempts: 4 });
    const before = cloud.counters["dynamodb:PutItem"] ?? 0;
    await assert.rejects(client.send(new PutItemCommand({ TableName: "episodes", Item: ITEM })));
    assert.equal(cloud.counters["dynamodb:PutItem"], before + 1);
  });

  it("lets a handler take over a service, for functions and for the sandbox itself", async () => {
    const principals: string[] = [];
    cloud.handle("sqs", async (call) => {
      if (call.operation !== "SendMessage") return undefined;
      principals.push(call.principal);
      return { body: { MessageId: `m-${call.input.MessageBody}` } };
    });
    const QueueUrl = "https://sqs.eu-west-1.amazonaws.com/222222222222/intake";
    const client = new SQSClient({ ...(await as()), md5: false });
    const { MessageId } = await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "1" }));
    assert.equal(MessageId, "m-1");
    assert.deepEqual(await cloud.call(home, "sqs", "ListQueues", {}), {});
    assert.deepEqual(principals, [role]);
  });

  it("keeps findings, tells them to the role and publishes its updates", async () => {
    const ProductArn = "arn:aws:securityhub:eu-west-1::product/aws/securityhub";
    const finding = {
      SchemaVersion: "2018-10-08",
      Id: "f",
      ProductArn,
      GeneratorId: "security-control/S3.1",
      AwsAccountId: "333333333333",
      Types: ["x"],
      CreatedAt: "2026-03-01T09:00:00Z",
      UpdatedAt: "2026-03-01T09:00:00Z",
      Severity: { Label: "HIGH" },
      Title: "t",
      Description: "d",
      Resources: [{ Type: "AwsS3Bucket", Id: "b" }],
    };
    const published: Asff[] = [];
    cloud.onSecurityHubEvent((event) => published.push(event));
    await cloud.importFindings([finding]);
    await assert.rejects(cloud.importFindings([{ Title: "nameless" }]), { code: "InvalidInputException" });
    const client = new SecurityHubClient(await as());
    const { Findings = [] } = await client.send(
      new GetFindingsCommand({
        Filters: { Id: [{ Comparison: "EQUALS", Value: "f" }], RecordState: [{ Comparison: "EQUALS", Value: "ACTIVE" }] },
      }),
    );
    assert.equal(Findings[0]?.Workflow?.Status, "NEW");
    await client.send(new BatchUpdateFindingsCommand({ FindingIdentifiers: [{ Id: "f", ProductArn }], Workflow: { Status: "NOTIFIED" } }));
    assert.deepEqual(
      published.map(({ Workflow }) => (Workflow as { Status: string }).Status),
      ["NEW", "NOTIFIED"],
    );
  });

  it("answers services of every protocol: secrets, objects, publications", async () => {
    const secret = await new SecretsManagerClient(await as()).send(new GetSecretValueCommand({ SecretId: "tocsin/slack" }));
    assert.equal(secret.SecretString, "xoxb");
    const s3 = new S3Client({ ...(await as()), forcePathStyle: true });
    await s3.send(new PutObjectCommand({ Bucket: "evidence", Key: "a/report.html", Body: "<!doctype html>🔔" }));
    const object = await s3.send(new GetObjectCommand({ Bucket: "evidence", Key: "a/report.html" }));
    assert.equal(await object.Body?.transformToString(), "<!doctype html>🔔");
    const { MessageId } = await new SNSClient(await as()).send(new PublishCommand({ TopicArn: arn("sns", "alarms"), Message: "<b>&" }));
    assert.deepEqual(observed.at(-1)?.answer, { MessageId });
  });

  it("takes an object that is put by a request signed by hand, as the role that signed it", async () => {
    const { endpoint, region, credentials } = await as();
    const { hostname, port } = new URL(endpoint);
    const sign = new SignatureV4({ service: "s3", region, credentials, sha256: Sha256, uriEscapePath: false });
    const put = async (path: string, body: string) => {
      const headers = { host: `${hostname}:${port}`, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
      const signed = await sign.sign({ method: "PUT", protocol: "http:", hostname, port: Number(port), path, headers });
      return (await fetch(`${endpoint}${path}`, { method: "PUT", headers: signed.headers, body })).status;
    };
    assert.equal(await put("/evidence/storms/1.csv", "a,b\n"), 200);
    const object = observed.map(objectOf).findLast((one) => one !== undefined);
    assert.deepEqual(object && { ...object, content: Buffer.from(object.content).toString() }, {
      account: home.account,
      bucket: "evidence",
      key: "storms/1.csv",
      content: "a,b\n",
    });
    assert.equal(await put("/other/1.csv", "x"), 403);
  });

  it("judges expressions of updates as DynamoDB does, each as often as it comes", async () => {
    const client = new DynamoDBClient(await as());
    const update = (pk: string, UpdateExpression: string, values: Record<string, AttributeValue>) =>
      client.send(
        new UpdateItemCommand({
          TableName: "episodes",
          Key: { pk: { S: pk } },
          UpdateExpression,
          ExpressionAttributeValues: values,
          ReturnValues: "ALL_NEW",
        }),
      );
    const counted = "SET oldest = if_not_exists(oldest, :v), title = :v ADD seen :one";
    const seen = async (pk: string, v: string) => (await update(pk, counted, { ":v": { S: v }, ":one": { N: "1" } })).Attributes;
    assert.deepEqual(await seen("x", "1"), { pk: { S: "x" }, oldest: { S: "1" }, title: { S: "1" }, seen: { N: "1" } });
    assert.deepEqual(await seen("x", "2"), { pk: { S: "x" }, oldest: { S: "1" }, title: { S: "2" }, seen: { N: "2" } });
    assert.deepEqual(await seen("y", "3"), { pk: { S: "y" }, oldest: { S: "3" }, title: { S: "3" }, seen: { N: "1" } });
    const v = { ":v": { S: "v" } };
    const refused: readonly (readonly [string, RegExp])[] = [
      ["SET a = :v SET b = :v", /SET.*more than once|only be used once/i],
      ["SET a = :v, a = :v", /overlap/i],
      ["SET pk = :v", /part of the key/],
      ["SET first = :v", /reserved keyword/],
    ];
    for (const [expression, message] of refused) {
      await assert.rejects(update("x", expression, v), { name: "ValidationException", message }, expression);
    }
  });

  it("lets a role become another account's role if both sides allow it", async () => {
    const guard = await grant("tocsin-guard", [allow("ec2:DescribeSecurityGroups", "*")], "333333333333", { AWS: role });
    const closed = await grant("closed", [allow("ec2:DescribeSecurityGroups", "*")], "333333333333");
    const sts = new STSClient(await as());
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: guard, RoleSessionName: "session" }));
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    };
    const { Account } = await new STSClient({ ...(await as()), credentials }).send(new GetCallerIdentityCommand({}));
    assert.equal(Account, "333333333333");
    await assert.rejects(sts.send(new AssumeRoleCommand({ RoleArn: closed, RoleSessionName: "session" })), { name: "AccessDenied" });
  });

  it("keeps the accounts apart", async () => {
    const names = async (account: string) =>
      ((await cloud.call({ ...home, account }, "dynamodb", "ListTables", {})) as { TableNames: string[] }).TableNames;
    assert.deepEqual(await names("222222222222"), ["episodes"]);
    assert.deepEqual(await names("333333333333"), []);
  });

  it("says what it cannot emulate", async () => {
    await assert.rejects(cloud.call(home, "inspector2", "ListCoverage", {}), {
      code: "NotImplementedException",
      message: "the sandbox cannot emulate inspector2:ListCoverage",
    });
    assert.ok(said.includes("the sandbox cannot emulate inspector2:ListCoverage"));
    await assert.rejects(cloud.call(home, "nonsense", "X", {}), /no SDK client for the service "nonsense"/);
    await assert.rejects(cloud.call(home, "dynamodb", "Teleport", {}), /has no operation "Teleport"/);
  });

  it("runs beside another one without sharing anything", async () => {
    const other = await startCloud({ now: () => now });
    try {
      assert.deepEqual(await other.call(home, "dynamodb", "ListTables", {}), { TableNames: [] });
      assert.notEqual(other.endpoint, cloud.endpoint);
    } finally {
      await other.close();
    }
  });

  it("names a port that is taken in one sentence", async () => {
    const port = Number(new URL(cloud.endpoint).port);
    await assert.rejects(startCloud({ now: () => now, port }), {
      name: "UsageError",
      message: `Port ${port} cannot be used: something else listens on it.`,
    });
  });
});
