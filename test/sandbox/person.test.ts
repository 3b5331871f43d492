import assert from "node:assert/strict";
import { startCloud } from "../../sandbox/cloud";
import { startOutside } from "../../sandbox/outside";
import { publishCalls } from "../../sandbox/published-calls";
import { parseReplay } from "../../sandbox/replay/parse";
import { Replay } from "../../sandbox/replay/replay";
import type { Report } from "../../sandbox/replay/report";
import { createRuntime } from "../../sandbox/runtime";
import { VirtualClock } from "../../sandbox/runtime/clock";
import type { Sandbox } from "../../sandbox/sandbox";
import type { GraphResource, Place } from "../../sandbox/types";
import { functionArn, HOME, lambda, machine, machineArn, resource, roleArn, rule, target } from "./runtime/support/stack";

const WEB: Place = { account: "444444444444", region: "eu-west-1" };
const SECRET = "0123456789abcdef";
const CHANNEL = "C0000000001";

/** Closes a group by a role of its account, and opens it again; says what it did as the sandbox's contract wants it. */
const ACTS = `
const { EC2Client, RevokeSecurityGroupIngressCommand, AuthorizeSecurityGroupIngressCommand } = require("@aws-sdk/client-ec2");
const { STSClient, AssumeRoleCommand } = require("@aws-sdk/client-sts");
exports.handler = async ({ changeId, task }) => {
  const [id, ruleId] = changeId.split("_");
  const { Credentials: c } = await new STSClient({}).send(new AssumeRoleCommand({ RoleArn: "${roleArn("repairs", WEB)}", RoleSessionName: "acts" }));
  const credentials = { accessKeyId: c.AccessKeyId, secretAccessKey: c.SecretAccessKey, sessionToken: c.SessionToken };
  const ec2 = new EC2Client({ credentials, maxAttempts: 1 });
  const undo = task === "undo";
  const IpPermissions = [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];
  await ec2.send(undo
    ? new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions })
    : new RevokeSecurityGroupIngressCommand({ GroupId: id, SecurityGroupRuleIds: [ruleId] }));
  console.log(JSON.stringify({ kind: "change", id: undo ? changeId + "-undo" : changeId, accountId: "${WEB.account}", region: "${WEB.region}", service: "ec2",
    operation: undo ? "AuthorizeSecurityGroupIngress" : "RevokeSecurityGroupIngress", undo: undo ? null : changeId, undoes: undo ? changeId : null }));
  return { done: task };
};`;

const SLACK = `
const slack = async (method, body) => {
  const response = await fetch("https://slack.com/api/" + method, { method: "POST", headers: { "content-type": "application/json", authorization: "Bearer t" }, body: JSON.stringify(body) });
  const answer = await response.json();
  if (!answer.ok) throw new Error(answer.error);
  return answer;
};`;

/** Asks people in Slack; the button carries the token. */
const ASKS = `${SLACK}
exports.handler = async ({ token }) => {
  const element = { type: "button", action_id: "test-close", text: { type: "plain_text", text: "Close" }, value: token };
  await slack("chat.postMessage", { channel: "${CHANNEL}", text: "Close it?", blocks: [{ type: "actions", elements: [element] }] });
};`;
const TELLS = `${SLACK}
exports.handler = () => slack("chat.postMessage", { channel: "${CHANNEL}", text: "Closed." });`;

/** What Slack calls: checks the signature and the time, logs, resumes the workflow and says so. */
const HEARS = `
const { createHmac } = require("node:crypto");
const { SFNClient, SendTaskSuccessCommand } = require("@aws-sdk/client-sfn");
exports.handler = async ({ headers, body, isBase64Encoded }) => {
  const raw = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  const time = headers["x-slack-request-timestamp"];
  const signature = "v0=" + createHmac("sha256", "${SECRET}").update("v0:" + time + ":").update(raw).digest("hex");
  if (signature !== headers["x-slack-signature"]) return { statusCode: 401, body: "wrong signature" };
  if (Math.abs(Date.now() / 1000 - Number(time)) > 300) return { statusCode: 401, body: "old" };
  const { actions: [{ action_id, value }], user, response_url } = JSON.parse(new URLSearchParams(raw.toString()).get("payload"));
  let reason = "closes";
  try {
    await new SFNClient({ maxAttempts: 1 }).send(new SendTaskSuccessCommand({ taskToken: value, output: "{}" }));
  } catch (error) { reason = error.name; }
  await fetch(response_url, { method: "POST", body: JSON.stringify({ text: "You: " + reason }) });
  console.log(JSON.stringify({ kind: "press", button: action_id.replace("test-", ""), user: user.id, accepted: reason === "closes", reason }));
  return { statusCode: 200 };
};`;

const DEFINITION = {
  StartAt: "Ask",
  States: {
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Parameters: { FunctionName: functionArn("asks"), Payload: { "token.$": "$$.Task.Token" } },
      ResultPath: null,
      TimeoutSeconds: 1_800,
      Next: "Close",
    },
    Close: {
      Type: "Task",
      Resource: functionArn("tocsin-guard-act"),
      Parameters: { "changeId.$": "States.Format('{}_{}', $.detail.group, $.detail.rule)", task: "close" },
      Next: "Tell",
    },
    Tell: { Type: "Task", Resource: functionArn("tells"), End: true },
  },
};

/** What the undo command starts. */
const UNDOES = {
  StartAt: "Undo",
  States: {
    Undo: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Parameters: { FunctionName: functionArn("tocsin-guard-act"), "Payload.$": "$" },
      ResultPath: "$.undone",
      End: true,
    },
  },
};

const RESOURCES: GraphResource[] = [
  lambda("asks", ASKS),
  lambda("tells", TELLS),
  lambda("hears", HEARS),
  lambda("tocsin-guard-act", ACTS),
  resource("aws:lambda/functionUrl", {
    functionName: functionArn("hears"),
    functionUrl: "https://abc.lambda-url.eu-west-1.on.aws/",
    authorizationType: "NONE",
  }),
  machine("m", DEFINITION),
  machine("tocsin-guard", UNDOES),
  rule("opened", { source: ["test.opened"] }),
  target("opened", machineArn("m"), { roleArn: roleArn("starts") }),
  rule("changed", { source: ["aws.ec2"], detail: { eventName: ["RevokeSecurityGroupIngress"] } }, {}, WEB),
];

/** Roles of the resources: in the home account with a policy, in the member with one and whom it trusts. */
const ROLES: readonly (readonly [name: string, place: Place, actions: readonly string[], trusted: object])[] = [
  ["asks", HOME, [], { Service: "lambda.amazonaws.com" }],
  ["tells", HOME, [], { Service: "lambda.amazonaws.com" }],
  ["hears", HOME, ["states:SendTaskSuccess"], { Service: "lambda.amazonaws.com" }],
  ["tocsin-guard-act", HOME, ["sts:AssumeRole"], { Service: "lambda.amazonaws.com" }],
  ["m", HOME, ["lambda:InvokeFunction"], { Service: "states.amazonaws.com" }],
  ["tocsin-guard", HOME, ["lambda:InvokeFunction"], { Service: "states.amazonaws.com" }],
  ["starts", HOME, ["states:StartExecution"], { Service: "events.amazonaws.com" }],
  ["repairs", WEB, ["ec2:RevokeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupIngress"], { AWS: roleArn("tocsin-guard-act") }],
];

describe("people in a replay", function () {
  this.timeout(60_000);
  let play: (...lines: object[]) => Promise<Report>;
  let close: () => Promise<void> = async () => undefined;
  let matched: string[];

  beforeEach(async () => {
    matched = [];
    const clock = new VirtualClock();
    const cloud = await startCloud({ now: () => clock.now() });
    for (const [name, provider, Action, Principal] of ROLES) {
      const create = (type: string, inputs: Record<string, unknown>) =>
        cloud.provisioner.create({ urn: `urn:pulumi:s::p::${type}::${name}`, type, name, inputs, provider });
      const document = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
      await create("aws:iam/role:Role", { name, assumeRolePolicy: document({ Principal, Action: "sts:AssumeRole" }) });
      if (Action.length > 0) {
        await create("aws:iam/rolePolicy:RolePolicy", { name: "p", role: name, policy: document({ Action, Resource: "*" }) });
      }
    }
    const outside = await startOutside({
      channels: { s: { kind: "slack", channel: CHANNEL, secretName: "s" } },
      secret: async () => "t",
      now: () => clock.now(),
      faultOf: (service, operation) => cloud.faultOf(service, operation),
      note: () => undefined,
    });
    const runtime = createRuntime({ cloud, clock, homeRegion: HOME.region, securityAccount: HOME.account, outside: outside.url });
    publishCalls(cloud, clock, runtime);
    runtime.listen({ matched: (_, name) => matched.push(name) });
    await runtime.deploy(RESOURCES);
    close = async () => {
      await runtime.close();
      await outside.close();
      await cloud.close();
    };
    const sandbox = { cloud, runtime, outside, home: HOME, deployment: { resources: RESOURCES }, signingSecret: async () => SECRET };
    const replay = new Replay(sandbox as unknown as Sandbox);
    play = async (...lines) => {
      const parsed = parseReplay([...PREPARE, ...lines].map((line) => JSON.stringify(line)).join("\n"), "f.jsonl");
      replay.check(parsed);
      for (const line of parsed) {
        await replay.play(line);
      }
      return replay.report();
    };
  });
  afterEach(() => close());

  const IpPermissions = [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];
  const aws = (operation: string, input: object, as: string) => ({
    aws: { account: "web", region: "eu-west-1", service: "ec2", operation, input, as },
  });
  const PREPARE = [
    aws("CreateSecurityGroup", { GroupName: "g", Description: "d" }, "group"),
    aws("AuthorizeSecurityGroupIngress", { GroupId: "{{group.GroupId}}", IpPermissions }, "opened"),
    {
      account: "security",
      region: "eu-west-1",
      event: {
        source: "test.opened",
        "detail-type": "Opened",
        detail: { group: "{{group.GroupId}}", rule: "{{opened.SecurityGroupRules[0].SecurityGroupRuleId}}" },
      },
    },
  ];
  const press = (more: object = {}) => ({ press: { button: "close", user: "U1", ...more } });
  const rules = (as: string) => aws("DescribeSecurityGroupRules", {}, as);
  const isOpen = (report: Report, name: string): boolean =>
    (report.answers[name] as { SecurityGroupRules: { FromPort: number }[] }).SecurityGroupRules.some(({ FromPort }) => FromPort === 22);

  it("press a button as Slack does: what follows is caused by a person, published as an event, and undone by a line", async () => {
    const report = await play(rules("before"), press(), rules("after"), { undo: "all", as: "undone" }, rules("end"));
    assert.deepEqual([isOpen(report, "before"), isOpen(report, "after"), isOpen(report, "end")], [true, false, true]);
    assert.deepEqual(report.presses, [{ line: 5, button: "close", user: "U1", accepted: true, reason: "closes", answer: "You: closes" }]);
    assert.deepEqual(
      report.deliveries.map(({ kind, cause, payload }) => [kind, cause, payload.text]),
      [
        ["slack", "event", "Close it?"],
        ["slack", "person", "Closed."],
      ],
    );
    const [closed, opened] = report.changes;
    assert.partialDeepStrictEqual(closed, {
      accountId: WEB.account,
      region: WEB.region,
      service: "ec2",
      operation: "RevokeSecurityGroupIngress",
      by: roleArn("repairs", WEB),
      undoes: null,
    });
    assert.deepEqual([closed?.undo, opened?.undoes, report.changes.length], [closed?.id, closed?.id, 2]);
    assert.deepEqual(report.answers.undone, [{ done: "undo" }]);
    assert.deepEqual(matched, ["opened", "changed"]);
    assert.deepEqual([report.denied, report.deadLetters], [[], []]);
  });

  it("are not heard when the signature is wrong or the request is old, and a request can be sent once more", async () => {
    const report = await play(press({ signature: "bad" }), press({ age: "6m" }), press(), { press: { replay: true } });
    assert.deepEqual(
      report.presses.map(({ accepted, reason }) => [accepted, reason]),
      [
        [false, "wrong signature"],
        [false, "old"],
        [true, "closes"],
        [false, "TaskTimedOut"],
      ],
    );
    assert.equal(report.changes.length, 1);
  });

  it("press twice, and once only it counts", async () => {
    const { presses, changes } = await play(press({ times: 2 }));
    assert.deepEqual([presses.map(({ accepted }) => accepted), changes.length], [[true, false], 1]);
  });

  it("press too late, when time brought the workflow to its end", async () => {
    const { presses, changes, executions } = await play({ advance: "31m" }, press());
    assert.deepEqual([presses.map(({ reason }) => reason), changes.length, executions[0]?.status], [["TaskTimedOut"], 0, "FAILED"]);
  });

  it("cannot press what no message offered", async () => {
    await assert.rejects(play(press({ button: "open" })), { message: 'line 4 of f.jsonl: no Slack message ever offered a button "open"' });
  });
});

describe("a call of a function that changes something in EC2", function () {
  this.timeout(60_000);
  it("is on the default bus of the account that it changed, one second later", async () => {
    const clock = new VirtualClock();
    const events: [Place, Readonly<Record<string, unknown>>, number][] = [];
    const listeners: Parameters<Parameters<typeof publishCalls>[0]["observe"]>[0][] = [];
    publishCalls({ observe: (listener) => void listeners.push(listener) }, clock, {
      serviceEvent: (place, event) => {
        events.push([place, event, clock.now()]);
        return "id";
      },
    });
    const call = { ...WEB, service: "ec2", operation: "DeleteSecurityGroup", principal: roleArn("repairs", WEB), input: {}, headers: {} };
    const start = clock.now();
    listeners[0]?.({ call, status: 200, answer: {} });
    listeners[0]?.({ call: { ...call, operation: "DescribeVpcs" }, status: 200, answer: {} });
    assert.equal(events.length, 0);
    await clock.settle();
    assert.deepEqual([events.length, events[0]?.[0], events[0]?.[1].source, events[0]?.[2]], [1, WEB, "aws.ec2", start + 1_000]);
  });
});
