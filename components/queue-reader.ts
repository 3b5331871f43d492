import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { HandlerFunction } from "./function";
import type { WorkQueue } from "./queue";

/** How a function reads a queue. */
export interface QueueReaderArgs {
  readonly queue: WorkQueue;
  readonly handler: HandlerFunction;
  /** Most messages of one run. */
  readonly batchSize: number;
  /** How long a batch is collected, in seconds. Default 0. Needed for batches of more than ten. */
  readonly windowSeconds?: number;
  /** Most runs at the same time, at least 2. It protects what comes after from a flood, without failing and counting receives as throttling would. */
  readonly concurrency: number;
}

/** Lets a function read a queue. It answers which messages of a batch failed, so that one bad message does not bring back the others. */
export const readQueue = (name: string, args: QueueReaderArgs, opts: pulumi.CustomResourceOptions): aws.lambda.EventSourceMapping =>
  new aws.lambda.EventSourceMapping(
    name,
    {
      eventSourceArn: args.queue.arn,
      functionName: args.handler.name,
      batchSize: args.batchSize,
      maximumBatchingWindowInSeconds: args.windowSeconds,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: args.concurrency },
    },
    { ...opts, dependsOn: [...args.handler.ready] },
  );
