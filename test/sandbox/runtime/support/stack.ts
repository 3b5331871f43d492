import { createRuntime } from "../../../../sandbox/runtime";
import { VirtualClock } from "../../../../sandbox/runtime/clock";
import type { Cloud, GraphResource, Place, Runtime } from "../../../../sandbox/types";
import { FakeCloud } from "./fake-cloud";

export const HOME: Place = { account: "222222222222", region: "eu-west-1" };
export const MEMBER: Place = { account: "333333333333", region: "eu-west-1" };

/** A recorded resource. */
export function resource(type: string, values: Record<string, unknown>, provider: Place = HOME): GraphResource {
  const name = String(values.name ?? values.targetId ?? type);
  return {
    urn: `urn:pulumi:test::tocsin::${type}::${name}`,
    type: `${type}:${(type.split("/")[1] ?? "").replace(/^./, (first) => first.toUpperCase())}`,
    name,
    custom: true,
    provider,
    inputs: values,
    outputs: values,
    dependencies: [],
    propertyDependencies: {},
    protect: false,
  };
}

export const queueArn = (name: string, { account, region }: Place = HOME): string => `arn:aws:sqs:${region}:${account}:${name}`;
export const queueUrl = (name: string, { account }: Place = HOME): string => `http://sqs.test/${account}/${name}`;
export const functionArn = (name: string): string => `arn:aws:lambda:${HOME.region}:${HOME.account}:function:${name}`;
export const machineArn = (name: string): string => `arn:aws:states:${HOME.region}:${HOME.account}:stateMachine:${name}`;
export const busArn = (name: string, { account, region }: Place = HOME): string => `arn:aws:events:${region}:${account}:event-bus/${name}`;
export const roleArn = (name: string, { account }: Place = HOME): string => `arn:aws:iam::${account}:role/${name}`;

export const queue = (name: string, values: Record<string, unknown> = {}): GraphResource =>
  resource("aws:sqs/queue", { name, arn: queueArn(name), url: queueUrl(name), ...values });

export const redrive = (deadLetters: string, maxReceiveCount: number): { redrivePolicy: string } => ({
  redrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn(deadLetters), maxReceiveCount }),
});

/** A function whose archive is one file that exports `handler`. */
export const lambda = (name: string, source: string, values: Record<string, unknown> = {}): GraphResource =>
  resource("aws:lambda/function", {
    name,
    arn: functionArn(name),
    handler: "index.handler",
    runtime: "nodejs24.x",
    role: roleArn(name),
    timeout: 30,
    memorySize: 256,
    code: { kind: "archive", files: { "index.js": Buffer.from(source) } },
    ...values,
  });

export const machine = (name: string, definition: unknown, type = "STANDARD"): GraphResource =>
  resource("aws:sfn/stateMachine", {
    name,
    arn: machineArn(name),
    type,
    roleArn: roleArn(name),
    definition: typeof definition === "string" ? definition : JSON.stringify(definition),
  });

export const rule = (name: string, pattern: unknown, values: Record<string, unknown> = {}, place: Place = HOME): GraphResource => {
  const bus = typeof values.eventBusName === "string" ? `${values.eventBusName}/` : "";
  const arn = `arn:aws:events:${place.region}:${place.account}:rule/${bus}${name}`;
  return resource("aws:cloudwatch/eventRule", { name, arn, eventPattern: JSON.stringify(pattern), ...values }, place);
};

export const target = (ruleName: string, arn: string, values: Record<string, unknown> = {}, place: Place = HOME): GraphResource =>
  resource("aws:cloudwatch/eventTarget", { rule: ruleName, targetId: `${ruleName}-target`, arn, ...values }, place);

/** What a runtime told its listener. */
export interface Heard {
  readonly logs: string[];
  readonly matched: string[];
  readonly deadLetters: { queue: string; error: string; body: string; eventIds: readonly string[] }[];
  readonly executions: { machine: string; status: string; path: readonly string[] }[];
}

export interface TestStack {
  readonly cloud: FakeCloud & Cloud;
  readonly clock: VirtualClock;
  readonly runtime: Runtime;
  readonly heard: Heard;
  close(): Promise<void>;
}

/** Deploys resources on a fake cloud. @param outside URL of what stands for the internet */
export async function deploy(
  resources: readonly GraphResource[],
  prepare: (cloud: FakeCloud & Cloud) => void = () => undefined,
  outside?: string,
): Promise<TestStack> {
  const cloud = await FakeCloud.start();
  prepare(cloud);
  const clock = new VirtualClock();
  const runtime = createRuntime({
    cloud,
    clock,
    homeRegion: HOME.region,
    securityAccount: HOME.account,
    ...(outside !== undefined && { outside }),
  });
  const heard: Heard = { logs: [], matched: [], deadLetters: [], executions: [] };
  runtime.listen({
    log: ({ text }) => heard.logs.push(text),
    matched: (id, name) => heard.matched.push(`${id} ${name}`),
    deadLetter: (letter) => heard.deadLetters.push(letter),
    execution: (execution) => heard.executions.push(execution),
  });
  const close = async (): Promise<void> => {
    await runtime.close();
    await cloud.close();
  };
  try {
    await runtime.deploy(resources);
  } catch (error) {
    await close();
    throw error;
  }
  return { cloud, clock, runtime, heard, close };
}
