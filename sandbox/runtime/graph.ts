import type { GraphResource, Place } from "../types";
import { parseArn } from "./arn";

/** A recorded resource that the runtime works with, with typed access to its values. */
export class Recorded {
  constructor(
    readonly resource: GraphResource,
    private readonly elsewhere: Place,
  ) {}

  get(path: string): unknown {
    return path.split(".").reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), this.resource.outputs);
  }

  /** A text that must be there. */
  text(path: string): string {
    const value = this.optionalText(path);
    if (value === undefined) {
      throw new Error(`${this.resource.urn}: "${path}" is not known, so the sandbox cannot run this ${this.resource.type}`);
    }
    return value;
  }

  optionalText(path: string): string | undefined {
    const value = this.get(path);
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  number(path: string, otherwise: number): number {
    const value = this.get(path);
    return typeof value === "number" ? value : otherwise;
  }

  /** An object that may also have been given as its JSON text. */
  json(path: string): unknown {
    const value = this.get(path);
    return typeof value === "string" ? JSON.parse(value) : value;
  }

  /** Account and Region of a resource whose `arn` is its own. */
  get place(): Place {
    const { account, region } = parseArn(this.optionalText("arn") ?? "") ?? {};
    return { account: account || this.declaredPlace.account, region: region || this.declaredPlace.region };
  }

  /** Account and Region from the provider and the resource's own `region`. */
  get declaredPlace(): Place {
    const { account, region } = this.resource.provider ?? this.elsewhere;
    return { account, region: this.optionalText("region") ?? region };
  }
}

/** The recorded resources of the types asked for, by type. */
export class Graph {
  readonly #byType = new Map<string, Recorded[]>();

  constructor(resources: readonly GraphResource[], elsewhere: Place) {
    for (const resource of resources) {
      if (resource.custom) {
        const list = this.#byType.get(resource.type) ?? [];
        list.push(new Recorded(resource, elsewhere));
        this.#byType.set(resource.type, list);
      }
    }
  }

  /** All of a type such as `aws:sqs/queue`; the part after the colon (`:Queue`) follows from it. */
  of(type: string): readonly Recorded[] {
    const name = type.split("/")[1] ?? "";
    return this.#byType.get(`${type}:${name.charAt(0).toUpperCase()}${name.slice(1)}`) ?? [];
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
