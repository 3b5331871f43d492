import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Aggregation } from "../../components/aggregation";
import { parseSettings } from "../../settings";
import { FULL_CONFIG, NOW } from "./example-config";

/** A resource as a component declared it. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Id of the Organization that the components are given. */
export const ORGANIZATION_ID = "o-tocsin0000";

/** Declares the aggregation of a configuration under Pulumi's mocks, and answers its resources. */
export const declareAggregation = (config: Readonly<Record<string, unknown>>): Promise<Declared[]> =>
  declare(() => new Aggregation("tocsin", { settings: parseSettings("test", config, NOW), organizationId: ORGANIZATION_ID }));

/** One statement of a policy. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The statements of a policy's JSON. */
export const statementsOf = (policy: unknown): readonly PolicyStatement[] =>
  (JSON.parse(String(policy)) as { Statement: PolicyStatement[] }).Statement;

/** Resources by type and name. */
export class Graph {
  constructor(readonly all: readonly Declared[]) {}

  /** Those of a type, for example `sqs/queue:Queue`. */
  of(type: string): readonly Declared[] {
    return this.all.filter((resource) => resource.type === `aws:${type}`);
  }

  /** Inputs of one. */
  one(type: string, name: string): Declared["inputs"] {
    const found = this.of(type).find((resource) => resource.name === name);
    assert.ok(found, `${type} ${name}`);
    return found.inputs;
  }

  /** What a function of ours may do besides writing its log and traces: actions and resources by the statements' names. */
  permissionsOf(handler: string): Readonly<Record<string, readonly [actions: unknown, resources: unknown]>> {
    const own = statementsOf(this.one("iam/rolePolicy:RolePolicy", handler).policy).filter(
      ({ Sid }) => Sid !== "OwnLog" && Sid !== "Traces",
    );
    return Object.fromEntries(own.map(({ Sid, Action, Resource }) => [Sid, [Action, Resource]]));
  }

  /** Environment of a function of ours, JSON read. */
  environmentOf(handler: string): Readonly<Record<string, unknown>> {
    const { variables } = this.one("lambda/function:Function", handler).environment as { variables: Record<string, string> };
    return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, /^[[{]/.test(value) ? JSON.parse(value) : value]));
  }
}

let full: Promise<Graph> | undefined;

/** The aggregation of the full configuration, declared once for all who ask: all functions are bundled for it. */
export function fullGraph(): Promise<Graph> {
  full ??= declareAggregation(FULL_CONFIG).then((declared) => new Graph(declared));
  return full;
}

/** Runs a piece of program under Pulumi's mocks, and answers the resources that it declares. */
export async function declare(program: () => unknown): Promise<Declared[]> {
  const declared: Declared[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom }) => {
        if (custom) {
          declared.push({ type, name, inputs });
        }
        return { id: `${name}-id`, state: { arn: `arn:of:${type}:${name}`, url: `https://url-of/${name}`, ...inputs } };
      },
      call: () => ({}),
    },
    "tocsin",
    "test",
  );
  program();
  await pulumi.runtime.disconnect();
  return declared;
}
