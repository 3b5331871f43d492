import assert from "node:assert/strict";
import * as fc from "fast-check";
import { lineDuration } from "../../../sandbox/replay/duration";
import { parseReplay, withAnswers } from "../../../sandbox/replay/parse";
import { UsageError } from "../../../sandbox/usage-error";

const parse = (...lines: readonly unknown[]) =>
  parseReplay(lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"), "f.jsonl");

const action = (line: unknown) => parse(line)[0]?.content.action;

const event = { source: "aws.guardduty", "detail-type": "GuardDuty Finding", detail: {} };
const place = { account: "payments", region: "eu-west-1" };
const finding = { Id: "1", ProductArn: "arn:aws:securityhub:eu-west-1::product/aws/securityhub", AwsAccountId: "333333333333" };

describe("A replay file", () => {
  it("may have every kind of line, with times and blank lines", () => {
    const lines = parse(
      { ...place, event },
      { ...place, events: [event, event] },
      "",
      { securityHub: { findings: [finding] } },
      { putEvents: { account: "lab", region: "eu-west-1", bus: "central", entries: [{ Source: "a", DetailType: "b", Detail: {} }] } },
      { advance: "15d" },
      { run: "reconcile" },
      { fault: { service: "ses", operation: "SendEmail", error: "ThrottlingException", status: 400, times: 3 } },
      { fault: { service: "dynamodb", error: "InternalServerError", status: 500, for: "60s" } },
      { aws: { account: "web", region: "eu-west-1", service: "ec2", operation: "RunInstances", input: {}, as: "server" } },
      { at: "2026-04-01T00:00:00Z", run: "accounts" },
      { at: "2026-04-01T02:00:00+01:00" },
      { press: { button: "approve", user: "U1", message: 3, signature: "bad", age: "6m", times: 2 } },
      { press: { replay: true } },
      { undo: "all", as: "undone" },
      { undo: "{{undone[0].id}}" },
      "   ",
    );
    assert.deepEqual(
      lines.map(({ number, content }) => [number, content.action.kind]),
      [
        [1, "events"],
        [2, "events"],
        [4, "securityHub"],
        [5, "putEvents"],
        [6, "advance"],
        [7, "run"],
        [8, "fault"],
        [9, "fault"],
        [10, "aws"],
        [11, "run"],
        [12, "at"],
        [13, "press"],
        [14, "press"],
        [15, "undo"],
        [16, "undo"],
      ],
    );
    assert.equal(lines.find(({ number }) => number === 12)?.content.at, Date.UTC(2026, 3, 1, 1));
  });

  it("names accounts by name or id", () => {
    for (const account of ["payments", "333333333333", "{{accounts.payments}}"]) {
      assert.deepEqual(action({ account, region: "eu-west-1", event }), {
        kind: "events",
        place: { account: "333333333333", region: "eu-west-1" },
        events: [event],
      });
    }
  });

  it("may come from an editor that writes a byte order mark or Windows line ends", () => {
    assert.deepEqual(
      parse('{"run":"a"}\r', '{"run":"b"}\r', "\r").map(({ number }) => number),
      [1, 2],
    );
  });

  it("keeps braces in hostile texts that are no templates", () => {
    const title = "{{7*7}} {{ constructor.constructor('x')() }} {{";
    assert.deepEqual(action({ ...place, event: { ...event, detail: { title } } }), {
      kind: "events",
      place: { account: "333333333333", region: "eu-west-1" },
      events: [{ ...event, detail: { title } }],
    });
  });

  it("fills in ids of the Organization anywhere, also in field names", () => {
    const input = { "{{accounts.web}}": ["{{organizationalUnits.Production}}", "x/{{ root }}/{{accounts.lab}}"] };
    assert.deepEqual((action({ aws: { ...place, service: "s3", operation: "PutObject", input } }) as { input: unknown }).input, {
      "444444444444": ["ou-root-production", "x/r-root/666666666666"],
    });
  });

  it("fills in answers of earlier lines when a line is played, with their type", () => {
    const lines = parse(
      { aws: { ...place, service: "ec2", operation: "RunInstances", as: "server" } },
      {
        ...place,
        event: { ...event, detail: { id: "{{server.Instances[0].InstanceId}}", n: "{{server.Count}}", text: "no. {{server.Count}}" } },
      },
    );
    const second = lines[1];
    assert.ok(second);
    const answers = { server: { Count: 2, Instances: [{ InstanceId: "i-1" }] } };
    const played = withAnswers(second, answers).action;
    assert.deepEqual(played.kind === "events" && played.events[0]?.detail, { id: "i-1", n: 2, text: "no. 2" });
    assert.throws(() => withAnswers(second, { server: { error: { code: "x" } } }), {
      message: 'line 2 of f.jsonl: unknown template "{{server.Instances[0].InstanceId}}"; "Instances" could be error',
    });
  });
});

describe("A bad line is named with its number and one sentence", () => {
  const bad: readonly (readonly [name: string, line: unknown, sentence: RegExp])[] = [
    ["no JSON", '{"run": reconcile}', /^line 2 of f\.jsonl is not valid JSON: Unexpected token 'r'$/],
    [
      "half a line",
      '{"run": "reconcile"',
      /^line 2 of f\.jsonl is not valid JSON: Expected ',' or '}' after property value in JSON at position 19/,
    ],
    ["a list", [1], /is not a JSON object$/],
    ["nothing to do", {}, /has nothing to do: it needs one of event, events, securityHub, /],
    ["a misspelt kind", { evnt: event, ...place }, /has nothing to do: it needs one of event,/],
    ["two things at once", { run: "reconcile", advance: "1d" }, /has both "run" and "advance", but a line does one thing$/],
    ["an unknown field", { run: "reconcile", when: 1 }, /the field "when" is unknown$/],
    ["an unknown field inside", { fault: { service: "ses", error: "x", time: 3, times: 1 } }, /in "fault" the field "time" is unknown$/],
    [
      "an unknown account",
      { account: "paymnts", region: "eu-west-1", event },
      /^line 2 of f\.jsonl: unknown account "paymnts"; accounts: management, security, payments, web, data, lab$/,
    ],
    ["no account", { region: "eu-west-1", event }, /"account" is missing$/],
    ["an impossible Region", { ...place, region: "Ireland", event }, /"region" has to be a Region such as eu-west-1$/],
    ["an event without source", { ...place, event: { "detail-type": "x" } }, /"event\.source" is missing$/],
    ["an event that is a text", { ...place, event: "x" }, /"event" has to be an object, not "x"$/],
    ["no events", { ...place, events: [] }, /"events" must not be empty$/],
    [
      "a finding of a stranger",
      { securityHub: { findings: [{ ...finding, AwsAccountId: "123456789012" }] } },
      /unknown account "123456789012"; accounts: /,
    ],
    [
      "a finding without id",
      { securityHub: { findings: [finding, { ...finding, Id: undefined }] } },
      /"securityHub\.findings\[1\]\.Id" is missing$/,
    ],
    [
      "an unknown bus",
      { putEvents: { ...place, bus: "main", entries: [{}] } },
      /"putEvents\.bus" has to be one of default, central, not "main"$/,
    ],
    ["no duration", { advance: "15 days" }, /"advance": "15 days" is not a duration such as 60s, 30m, 12h, 5d or 2w$/],
    [
      "an unknown fault service",
      { fault: { service: "sesv2", error: "x", times: 1 } },
      /unknown service "sesv2"; services: dynamodb, ses, /,
    ],
    ["a fault without end", { fault: { service: "ses", error: "x" } }, /"fault" needs either "times" or "for"$/],
    ["a fault without error", { fault: { service: "ses", times: 1 } }, /"fault" needs "error", the code that the service would answer/],
    [
      "a fault that is none",
      { fault: { service: "ses", error: "x", status: 200, times: 1 } },
      /"fault\.status" must be an HTTP status from 400$/,
    ],
    ["a fault a half time", { fault: { service: "ses", error: "x", times: 0.5 } }, /"fault\.times" has to be a whole number, not 0\.5$/],
    ["no ISO time", { at: "tomorrow", run: "reconcile" }, /"at" has to be an ISO time such as 2026-03-01T09:00:00Z$/],
    [
      "a time before the start",
      { at: "2026-02-28T00:00:00Z", run: "reconcile" },
      /"at" 2026-02-28T00:00:00\.000Z is in the past: the clock is at 2026-03-01T09:00:00\.000Z by then$/,
    ],
    [
      "an unknown template",
      { ...place, event: { ...event, detail: { id: "{{server.Id}}" } } },
      /unknown template "\{\{server\.Id\}\}"; "server" could be accounts, organizationalUnits, root$/,
    ],
    [
      "an unknown account in a template",
      { ...place, event: { ...event, detail: ["{{accounts.shop}}"] } },
      /unknown template "\{\{accounts\.shop\}\}"; "shop" could be management, /,
    ],
    [
      "an answer with a taken name",
      { aws: { ...place, service: "ec2", operation: "X", as: "accounts" } },
      /"aws\.as": "accounts" means something already$/,
    ],
    [
      "what is not emulated yet",
      { plant: { log: {} } },
      /^line 2 of f\.jsonl: the sandbox cannot emulate planted logs, agents, scans and trails \("plant"\) yet$/,
    ],
    ["a press by nobody", { press: { button: "undo" } }, /"press" needs "button" and "user"$/],
    [
      "a press of what is no delivery",
      { press: { button: "undo", user: "U1", message: "first" } },
      /"press\.message" has to be "last" or an index in deliveries$/,
    ],
    [
      "a press that is badly signed otherwise",
      { press: { button: "undo", user: "U1", signature: "none" } },
      /"press\.signature" has to be one of good, bad/,
    ],
    ["no press at all", { press: { button: "undo", user: "U1", times: 0 } }, /"press\.times" must be at least 1$/],
    ["an undo of nothing", { undo: "" }, /"undo" must not be empty$/],
  ];
  for (const [name, line, sentence] of bad) {
    it(name, () => {
      assert.throws(
        () => parse({ run: "reconcile" }, line),
        (error) => {
          assert.ok(error instanceof UsageError);
          assert.match(error.message, sentence);
          assert.doesNotMatch(error.message, /\n/);
          return true;
        },
      );
    });
  }

  it("a time that earlier lines have passed", () => {
    assert.throws(
      () => parse({ advance: "2d" }, "", { at: "2026-03-02T09:00:00Z", run: "accounts" }),
      /line 3 of f\.jsonl: "at" .* is in the past/,
    );
  });

  it("whatever the line is", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.record({ event: fc.jsonValue(), account: fc.jsonValue() }), fc.record({ fault: fc.jsonValue() })),
        (line) => {
          try {
            parse(line);
          } catch (error) {
            assert.ok(error instanceof UsageError);
            assert.match(error.message, /^line 1 of f\.jsonl(:| is )/);
          }
        },
      ),
    );
  });
});

describe("Durations of lines", () => {
  it("are those of the settings, and seconds", () => {
    assert.deepEqual(
      ["60s", "30m", "12h", "5d", "2w", "0s"].map(lineDuration),
      [60_000, 1_800_000, 43_200_000, 432_000_000, 1_209_600_000, 0],
    );
  });

  it("are nothing else", () => {
    for (const text of ["", "5", "d", "-1d", "1.5h", "1 d", "5D", "9999999999d"]) {
      assert.throws(() => lineDuration(text), RangeError);
    }
  });
});
