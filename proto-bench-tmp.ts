import { readFileSync, readdirSync } from "node:fs";
import { readStack } from "/work/main/sandbox/deployable";
import { openSandbox } from "/work/main/sandbox/sandbox";
import { openPort, bruteForce, vulnerability } from "/work/main/sandbox/tour/findings";
(async () => {
  const stack = readStack("sandbox");
  const s = await openSandbox({ stack, progress: (t) => console.log(t), onOpened: () => {} });
  const snap = () => ({ aws: { ...s.cloud.counters }, lambda: { ...s.runtime.counters.lambda }, states: { ...s.runtime.counters.states }, sqs: s.runtime.counters.sqs, bus: s.runtime.counters.bus });
  try {
    s.runtime.listen({ log: (l) => console.log(l.function, l.text.trim().slice(0, 300)) });
    await s.importFindings([openPort(s.runtime.now())], () => {});
    await s.runtime.quiet(); await s.runtime.settle();
    console.log(JSON.stringify(snap()));
    for (const f of readdirSync("/work/main/test/fixtures").filter((f) => f.endsWith(".json"))) {
      const e = JSON.parse(readFileSync("/work/main/test/fixtures/" + f, "utf8"));
      if (e.detail.findings?.[0]?.AwsAccountId) await s.importFindings(e.detail.findings, () => {});
      else s.runtime.serviceEvent({ account: s.home.account, region: "eu-west-1" }, e);
      await s.runtime.quiet(); await s.runtime.settle();
    }
    console.log(JSON.stringify(snap()));
    const scan = (await s.cloud.call(s.home, "dynamodb", "Scan", { TableName: "tocsin-episodes" })) as any;
    for (const i of scan.Items) console.log(JSON.stringify(i).length, JSON.stringify(i));
  } finally { await s.close(); }
  process.exit(0);
})();
