import { functionName, parseArn } from "../arn";
import type { Core } from "../core";
import type { Graph } from "../graph";
import { textAttributes } from "../sqs/message";
import type { Queues } from "../sqs/queues";
import type { LambdaFunction } from "./function";
import { failureText } from "./functions";
import type { Outcome } from "./instance";

/** Lambda's own waits before the second and third attempt. */
const RETRY_DELAYS = [60_000, 120_000];

interface Settings {
  readonly retries: number;
  readonly onFailure: string | undefined;
  readonly onSuccess: string | undefined;
}

/** Asynchronous invocations: retried after one and two minutes, then sent to the failure destination and the dead-letter queue. */
export class AsynchronousInvocations {
  readonly #settings = new Map<string, Settings>();

  constructor(
    private readonly core: Core,
    private readonly queues: Queues,
  ) {}

  deploy(graph: Graph): void {
    for (const recorded of graph.of("aws:lambda/functionEventInvokeConfig")) {
      const settings = {
        retries: recorded.number("maximumRetryAttempts", 2),
        onFailure: recorded.optionalText("destinationConfig.onFailure.destination"),
        onSuccess: recorded.optionalText("destinationConfig.onSuccess.destination"),
      };
      this.#settings.set(functionName(recorded.text("functionName")), settings);
      this.queues.markDeadLetter(settings.onFailure);
    }
    for (const recorded of graph.of("aws:lambda/function")) {
      this.queues.markDeadLetter(recorded.optionalText("deadLetterConfig.targetArn"));
    }
  }

  /** Takes an event for a function; it runs by itself from now on. */
  invoke(target: LambdaFunction, event: string, trace: string): void {
    this.#attempt(target, event, this.core.traces.child(trace), 0);
  }

  #attempt(target: LambdaFunction, event: string, trace: string, attempt: number): void {
    const { clock } = this.core;
    target.invoke(event, trace).then(
      (outcome) => clock.work(() => this.#ended(target, event, trace, attempt, outcome)),
      (error: unknown) =>
        clock.work(() => {
          throw error;
        }),
    );
  }

  async #ended(target: LambdaFunction, event: string, trace: string, attempt: number, outcome: Outcome): Promise<void> {
    const { retries, onFailure, onSuccess } = this.#settings.get(target.name) ?? { retries: 2, onFailure: undefined, onSuccess: undefined };
    if (outcome.failure === undefined) {
      await this.#sendTo(target, onSuccess, this.#record(target, event, attempt, outcome, "Success"), trace, {});
    } else if (attempt < retries) {
      this.core.clock.after(RETRY_DELAYS[attempt] ?? 120_000, () =>
        this.#attempt(target, event, this.core.traces.child(trace), attempt + 1),
      );
    } else {
      const error = failureText(outcome.payload);
      const attributes = { ErrorCode: "200", ErrorMessage: error, RequestID: this.core.ids.uuid() };
      await this.#sendTo(target, onFailure, this.#record(target, event, attempt, outcome, "RetriesExhausted"), trace, {
        ErrorMessage: error,
      });
      await this.#sendTo(target, target.deadLetterArn, event, trace, attributes);
    }
  }

  #record(target: LambdaFunction, event: string, attempt: number, outcome: Outcome, condition: string): string {
    return JSON.stringify({
      version: "1.0",
      timestamp: new Date(this.core.clock.now()).toISOString(),
      requestContext: {
        requestId: this.core.ids.uuid(),
        functionArn: `${target.arn}:$LATEST`,
        condition,
        approximateInvokeCount: attempt + 1,
      },
      requestPayload: JSON.parse(event),
      responseContext: {
        statusCode: 200,
        executedVersion: "$LATEST",
        ...(outcome.failure === undefined ? {} : { functionError: "Unhandled" }),
      },
      responsePayload: JSON.parse(outcome.payload),
    });
  }

  /** Sends with the function's role to a queue or a topic. */
  async #sendTo(
    target: LambdaFunction,
    arn: string | undefined,
    body: string,
    trace: string,
    attributes: Readonly<Record<string, string>>,
  ): Promise<void> {
    if (arn === undefined) {
      return;
    }
    const { cloud, metrics, permissions } = this.core;
    const parsed = parseArn(arn);
    const action = parsed?.service === "sns" ? "sns:Publish" : "sqs:SendMessage";
    if (parsed?.service !== "sns" && parsed?.service !== "sqs") {
      throw new Error(`the sandbox cannot send failed invocations of ${target.name} to ${arn}`);
    }
    const queue = this.queues.byArn(arn);
    const allowed = await permissions.allows({ principal: target.role, action, resource: arn, resourcePolicy: this.queues.policyOf(arn) });
    if (!allowed || (parsed.service === "sqs" && queue === undefined)) {
      metrics.put({ namespace: "AWS/Lambda", name: "DeadLetterErrors", dimensions: { FunctionName: target.name } }, 1);
    } else if (queue !== undefined) {
      this.queues.count(Buffer.byteLength(body));
      this.queues.send(queue, { body, attributes: textAttributes(attributes), sender: target.role, trace });
    } else {
      await cloud.call(parsed, "sns", "Publish", { TopicArn: arn, Message: body });
    }
  }
}
