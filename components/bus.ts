import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { BUS_NAME } from "./names";

/**
 * The central bus, where what happens in other Regions comes together. It has no policy: only rules of the security account itself send to it. It is separate
 * from the default bus so that what is sent on can never match the rules that send it on.
 */
export class CentralBus extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:CentralBus", name, {}, opts);
    const bus = new aws.cloudwatch.EventBus(
      name,
      { name: BUS_NAME, description: "Events that tocsin gathers from other Regions" },
      { parent: this },
    );
    this.arn = bus.arn;
    this.name = bus.name;
    this.registerOutputs({ arn: this.arn, name: this.name });
  }
}
