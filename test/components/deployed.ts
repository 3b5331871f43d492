import * as pulumi from "@pulumi/pulumi";
import { Aggregation } from "../../components/aggregation";
import { parseSettings } from "../../settings";

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
  declare(() => new Aggregation("tocsin", { settings: parseSettings("test", config), organizationId: ORGANIZATION_ID }));

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
