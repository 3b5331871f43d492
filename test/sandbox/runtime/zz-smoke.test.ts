import assert from "node:assert/strict";
import { deploy, lambda, queue, queueUrl, queueArn, redrive, resource, functionArn, machine, machineArn, roleArn, HOME } from "/work/main/test/sandbox/runtime/support/stack";
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
describe("smoke", () => {
  it("runs function from queue", async () => {
    const t0 = Date.now();
    const s = await deploy([
      queue("q", redrive("dlq", 3)), queue("dlq"),
      lambda("f", `exports.handler = async (e, c) => { console.log("hi", Date.now(), c.getRemainingTimeInMillis(), e.Records.length); await new Promise(r => setTimeout(r, 5000)); console.log("after", new Date().toISOString()); if (e.Records.some(r=>r.body==="bad")) throw new TypeError("no"); }`),
      resource("aws:lambda/eventSourceMapping", { eventSourceArn: queueArn("q"), functionName: functionArn("f") }),
    ]);
    try {
      console.log("deployed", Date.now()-t0);
      const c = await s.cloud.credentialsFor(roleArn("x"));
      const sqs = new SQSClient({ endpoint: s.cloud.endpoint, region: HOME.region, credentials: c, useQueueUrlAsEndpoint: false });
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl("q"), MessageBody: "good" }));
      const t1 = Date.now();
      await s.runtime.settle();
      console.log("settled", Date.now()-t1, new Date(s.clock.now()).toISOString());
      const t2 = Date.now();
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl("q"), MessageBody: "bad", MessageAttributes: {a:{DataType:"String",StringValue:"x"}} }));
      await s.runtime.settle();
      console.log("settled", Date.now()-t2, new Date(s.clock.now()).toISOString());
      console.log(JSON.stringify(s.heard,null,1), s.runtime.counters, {...s.runtime.counters});
      sqs.destroy();
    } finally { await s.close(); }
  });
});
