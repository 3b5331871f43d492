import type { Cloud, Denied } from "../types";
import { parseArn } from "./arn";

export interface PermissionRequest {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  readonly resourcePolicy?: unknown;
}

/** Asks the cloud whether AWS services may do what they do on behalf of the program's resources. What was allowed once is not asked again: policies do not change while the sandbox runs. */
export class Permissions {
  readonly #allowed = new Set<string>();

  constructor(private readonly cloud: Cloud) {}

  async allows(request: PermissionRequest): Promise<boolean> {
    const key = JSON.stringify([request.principal, request.action, request.resource, request.context, request.resourcePolicy]);
    if (this.#allowed.has(key)) {
      return true;
    }
    const allowed = await this.cloud.authorize(request);
    if (allowed) {
      this.#allowed.add(key);
    }
    return allowed;
  }

  /** Whether the policy of a resource lets an AWS service act for another resource (`aws:SourceArn`). */
  allowsService(service: string, action: string, resource: string, sourceArn: string, resourcePolicy: unknown): Promise<boolean> {
    return this.allows({
      principal: service,
      action,
      resource,
      context: { "aws:SourceArn": sourceArn, "aws:SourceAccount": parseArn(sourceArn)?.account ?? "" },
      resourcePolicy: resourcePolicy ?? { Version: "2012-10-17", Statement: [] },
    });
  }

  /** Notes down a refusal that is not a matter of policies. */
  refused(denied: Denied): void {
    this.cloud.deny(denied);
  }
}
