import { ServiceError } from "../../types";
import { functionName } from "../arn";
import type { Core } from "../core";
import { type Graph, isRecord } from "../graph";
import { LambdaFunction } from "./function";

/** All functions of the deployment and who may invoke them. */
export class Functions {
  readonly #byName = new Map<string, LambdaFunction>();
  readonly #statements = new Map<string, unknown[]>();
  /** What Lambda bills. */
  readonly counters = { invocations: 0, milliseconds: 0 };

  constructor(private readonly core: Core) {}

  deploy(graph: Graph): void {
    for (const recorded of graph.of("aws:lambda/function")) {
      const made = new LambdaFunction(this.core, recorded, (milliseconds) => {
        this.counters.invocations += 1;
        this.counters.milliseconds += milliseconds;
      });
      this.#byName.set(made.name, made);
    }
    for (const recorded of graph.of("aws:lambda/permission")) {
      const name = functionName(recorded.text("function"));
      const statements = this.#statements.get(name) ?? [];
      const principal = recorded.text("principal");
      const conditions = {
        ...condition("ArnLike", "aws:SourceArn", recorded.optionalText("sourceArn")),
        ...condition("StringEquals", "aws:SourceAccount", recorded.optionalText("sourceAccount")),
        ...condition("StringEqualsIfExists", "lambda:FunctionUrlAuthType", recorded.optionalText("functionUrlAuthType")),
        ...condition("Bool", "lambda:InvokedViaFunctionUrl", recorded.get("invokedViaFunctionUrl") === true ? "true" : undefined),
      };
      statements.push({
        Effect: "Allow",
        Principal: principal.includes(".amazonaws.com") ? { Service: principal } : { AWS: principal },
        Action: recorded.text("action"),
        Resource: this.#byName.get(name)?.arn ?? "*",
        ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
      });
      this.#statements.set(name, statements);
    }
  }

  /** A function by name or ARN. */
  get(reference: string): LambdaFunction {
    const found = this.#byName.get(functionName(reference));
    if (found === undefined) {
      throw new ServiceError("ResourceNotFoundException", `Function not found: ${reference}`, 404);
    }
    return found;
  }

  find(reference: string): LambdaFunction | undefined {
    return this.#byName.get(functionName(reference));
  }

  /** The function's resource policy, made of its permissions. */
  policyOf(reference: string): unknown {
    return { Version: "2012-10-17", Statement: this.#statements.get(functionName(reference)) ?? [] };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#byName.values()].map((one) => one.close()));
  }
}

const condition = (operator: string, key: string, value: string | undefined): Record<string, unknown> =>
  value === undefined ? {} : { [operator]: { [key]: value } };

/** The message in a failure's payload, for reports. */
export function failureText(payload: string): string {
  const failure: unknown = JSON.parse(payload);
  return isRecord(failure) ? `${String(failure.errorType)}: ${String(failure.errorMessage)}` : payload;
}
