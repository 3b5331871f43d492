import * as pulumi from "@pulumi/pulumi";
import { Aggregation } from "../../components/aggregation";
import { parseSettings } from "../../settings";

/** A resource as a component declared it. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Declares the aggregation of a configuration under Pulumi's mocks, and answers its resources. */
export async function declareAggregation(config: Readonly<Record<string, unknown>>): Promise<Declared[]> {
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
  new Aggregation("tocsin", { settings: parseSettings("test", config) });
  await pulumi.runtime.disconnect();
  return declared;
}
