import { type ServiceCall, ServiceError } from "../../types";
import { parseArn } from "../arn";
import type { Core } from "../core";
import { type Graph, isRecord } from "../graph";
import type { Queues } from "../sqs/queues";
import { checkPublication, messageFor, type Publication, publicationOf } from "./publication";
import { notification, readSubscription, type Subscription } from "./subscription";

const SERVICE = "sns.amazonaws.com";

/** Publishing on topics: checked as SNS does, and delivered to queues. What goes to people and web addresses ends in the report. */
export class SnsApi {
  readonly #topics = new Set<string>();
  readonly #subscriptions: Subscription[] = [];

  constructor(
    private readonly core: Core,
    private readonly queues: Queues,
  ) {}

  deploy(graph: Graph): void {
    for (const recorded of graph.of("aws:sns/topic")) {
      this.#topics.add(recorded.text("arn"));
    }
    for (const recorded of graph.of("aws:sns/topicSubscription")) {
      this.#subscriptions.push(readSubscription(recorded));
    }
  }

  /** Answers Publish and PublishBatch; other operations are not ours. */
  async answer(call: ServiceCall): Promise<{ body: unknown } | undefined> {
    switch (call.operation) {
      case "Publish":
        return { body: { MessageId: await this.#publish(publicationOf(call.input), call) } };
      case "PublishBatch":
        return { body: await this.#batch(call) };
      default:
        return undefined;
    }
  }

  async #publish(publication: Publication, call: ServiceCall): Promise<string> {
    const topic = publication.TopicArn ?? publication.TargetArn;
    if (topic === undefined && publication.PhoneNumber === undefined) {
      throw new ServiceError("InvalidParameter", "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter");
    }
    if (topic !== undefined) {
      await this.#mustExist(topic);
    }
    checkPublication(publication);
    const id = this.core.ids.uuid();
    const trace = this.core.traces.child(call.trace ?? this.core.traces.begin("event"));
    for (const subscription of this.#subscriptions) {
      if (subscription.topic === topic && subscription.protocol === "sqs" && subscription.wants(publication)) {
        await this.#toQueue(subscription, publication, id, trace);
      }
    }
    return id;
  }

  /** A topic may have been made by a line. */
  async #mustExist(topic: string): Promise<void> {
    const place = parseArn(topic);
    if (this.#topics.has(topic)) {
      return;
    }
    if (place === undefined) {
      throw new ServiceError("InvalidParameter", "Invalid parameter: TopicArn");
    }
    await this.core.cloud.call(place, "sns", "GetTopicAttributes", { TopicArn: topic });
    this.#topics.add(topic);
  }

  async #batch(call: ServiceCall): Promise<unknown> {
    const entries = Array.isArray(call.input.PublishBatchRequestEntries) ? call.input.PublishBatchRequestEntries.filter(isRecord) : [];
    if (entries.length === 0 || entries.length > 10) {
      throw entries.length === 0
        ? new ServiceError("EmptyBatchRequest", "The batch request doesn't contain any entries.")
        : new ServiceError("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.");
    }
    const Successful: unknown[] = [];
    const Failed: unknown[] = [];
    for (const { Id, ...entry } of entries) {
      try {
        Successful.push({ Id, MessageId: await this.#publish(publicationOf({ ...entry, TopicArn: call.input.TopicArn }), call) });
      } catch (error) {
        if (!(error instanceof ServiceError)) {
          throw error;
        }
        Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    return { Successful, Failed };
  }

  async #toQueue({ topic, endpoint, raw }: Subscription, publication: Publication, id: string, trace: string): Promise<void> {
    const queue = this.queues.byArn(endpoint);
    const policy = this.queues.policyOf(endpoint);
    const { permissions, clock } = this.core;
    if (queue === undefined || !(await permissions.allowsService(SERVICE, "sqs:SendMessage", endpoint, topic, policy))) {
      return;
    }
    const body = raw ? messageFor("sqs", publication) : notification(publication, topic, id, clock.now());
    this.queues.count(Buffer.byteLength(body));
    this.queues.send(queue, { body, attributes: raw ? (publication.MessageAttributes ?? {}) : {}, sender: SERVICE, trace });
  }
}
