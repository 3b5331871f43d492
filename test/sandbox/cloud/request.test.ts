import assert from "node:assert/strict";
import fc from "fast-check";
import { contentOf, errorAnswer, handlerAnswer } from "../../../sandbox/cloud/answer";
import { type RawRequest, understand } from "../../../sandbox/cloud/request";
import { escapeXml, fromXml, toXml } from "../../../sandbox/cloud/xml";
import { ServiceError } from "../../../sandbox/types";

const request = (service: string, more: Partial<RawRequest>): RawRequest => ({
  method: "POST",
  target: "/",
  body: Buffer.alloc(0),
  ...more,
  headers: {
    authorization: `AWS4-HMAC-SHA256 Credential=ASIA1/20260301/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    ...more.headers,
  },
});
const read = (service: string, more: Partial<RawRequest>) => {
  const { operation, protocol, input } = understand(request(service, more)) ?? {};
  return { operation, protocol, input };
};
const form = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };

describe("the gateway reads requests", () => {
  it("knows who asks which service where, and nothing of unsigned requests", () => {
    const { accessKey, region, service } = understand(request("dynamodb", {})) ?? {};
    assert.deepEqual({ accessKey, region, service }, { accessKey: "ASIA1", region: "eu-west-1", service: "dynamodb" });
    assert.equal(understand({ method: "GET", target: "/", headers: {}, body: Buffer.alloc(0) }), undefined);
  });

  it("JSON with a target", () => {
    const body = Buffer.from('{"TableName":"t"}');
    assert.deepEqual(read("dynamodb", { headers: { "x-amz-target": "DynamoDB_20120810.GetItem" }, body }), {
      operation: "GetItem",
      protocol: "json",
      input: { TableName: "t" },
    });
  });

  it("JSON that is none has no input", () => {
    assert.deepEqual(read("dynamodb", { headers: { "x-amz-target": "X.GetItem" }, body: Buffer.from("{") }).input, {});
  });

  it("Query, with nested and numbered members", () => {
    const body = Buffer.from(
      "Action=Publish&Version=1&TopicArn=t&Message=a%26b&MessageAttributes.entry.1.Name=n&MessageAttributes.entry.1.Value.DataType=String",
    );
    assert.deepEqual(read("sns", { headers: form, body }), {
      operation: "Publish",
      protocol: "query",
      input: { TopicArn: "t", Message: "a&b", MessageAttributes: [{ Name: "n", Value: { DataType: "String" } }] },
    });
  });

  it("EC2's form of it", () => {
    const body = Buffer.from("Action=X&GroupId=sg-1&IpPermissions.1.FromPort=22&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0%2F0");
    assert.deepEqual(read("ec2", { headers: form, body }).input, {
      GroupId: "sg-1",
      IpPermissions: [{ FromPort: "22", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
    });
  });

  const rest: [service: string, method: string, target: string, operation: string, input: object][] = [
    ["ses", "POST", "/v2/email/outbound-emails", "SendEmail", {}],
    ["ses", "GET", "/v2/email/identities/a%40example.com", "GetEmailIdentity", { EmailIdentity: "a@example.com" }],
    ["securityhub", "PATCH", "/findings/batchupdate", "BatchUpdateFindings", {}],
    ["securityhub", "POST", "/findings", "GetFindings", {}],
    [
      "lambda",
      "POST",
      "/2015-03-31/functions/f/invocations?Qualifier=live",
      "Invoke",
      { FunctionName: "f", Qualifier: "live", Payload: Buffer.alloc(0) },
    ],
    ["scheduler", "GET", "/schedules/s?groupName=g", "GetSchedule", { Name: "s", GroupName: "g" }],
    ["s3", "GET", "/b?list-type=2&prefix=x", "ListObjectsV2", { Bucket: "b", Prefix: "x" }],
    ["s3", "PUT", "/b/k/x.html?x-id=PutObject", "PutObject", { Bucket: "b", Key: "k/x.html", Body: Buffer.alloc(0) }],
    ["s3", "PUT", "/b/signed-by-hand.csv", "PutObject", { Bucket: "b", Key: "signed-by-hand.csv", Body: Buffer.alloc(0) }],
    ["s3", "GET", "/b/k", "GetObject", { Bucket: "b", Key: "k" }],
    ["s3", "PUT", "/b", "CreateBucket", { Bucket: "b" }],
  ];
  for (const [service, method, target, operation, input] of rest)
    it(`${method} ${target} of ${service} is ${operation}`, () => {
      const { operation: found, input: given } = read(service, { method, target });
      assert.equal(found, operation);
      for (const [name, value] of Object.entries(input)) assert.deepEqual(given?.[name], value);
    });

  it("REST with a route that no operation has", () => {
    assert.equal(read("lambda", { method: "GET", target: "/nothing/here" }).operation, undefined);
  });

  it("headers that are members of the input", () => {
    const { input } = read("lambda", { target: "/2015-03-31/functions/f/invocations", headers: { "x-amz-invocation-type": "Event" } });
    assert.equal(input?.InvocationType, "Event");
  });
});

describe("the gateway writes answers", () => {
  const error = new ServiceError("ThrottlingException", "<slow>", 400);
  const body = (protocol: Parameters<typeof errorAnswer>[0]) => errorAnswer(protocol, error).body.toString();

  it("errors in each protocol's form", () => {
    assert.deepEqual(JSON.parse(body("json")), { __type: "ThrottlingException", message: "<slow>" });
    assert.equal(errorAnswer("rest-json", error).headers["x-amzn-errortype"], "ThrottlingException");
    assert.match(body("query"), /<ErrorResponse><Error><Type>Sender<\/Type><Code>ThrottlingException<\/Code><Message>&lt;slow&gt;/);
    assert.match(body("ec2"), /<Response><Errors><Error><Code>ThrottlingException/);
    assert.match(body("rest-xml"), /<Error><Code>ThrottlingException/);
  });

  it("a handler's object in the form of the protocol", () => {
    assert.equal(handlerAnswer("json", "X", { body: { a: 1 } }).body.toString(), '{"a":1}');
    const query = handlerAnswer("query", "Publish", { body: { MessageId: "m", Tags: [{ Key: "k" }] } });
    assert.match(
      query.body.toString(),
      /^<PublishResponse><PublishResult><MessageId>m<\/MessageId><Tags><member><Key>k<\/Key><\/member><\/Tags><\/PublishResult>/,
    );
    assert.deepEqual(contentOf("query", query), { MessageId: "m", Tags: [{ Key: "k" }] });
  });

  it("XML texts survive writing and reading", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        assert.equal(fromXml(`<a>${escapeXml(text)}</a>`), text);
        assert.deepEqual(fromXml(`<a>${toXml({ b: text, c: [text, "x"] })}</a>`), { b: text, c: [text, "x"] });
      }),
    );
  });
});
