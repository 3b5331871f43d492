import { ec2Event } from "./cloud/cloud-trail";
import type { VirtualClock } from "./runtime/clock";
import type { Cloud, Runtime } from "./types";

/** How long after a call EventBridge gets CloudTrail's event of it, in milliseconds: whoever made it has its answer long before. */
const DELAY = 1_000;

/** Publishes what functions and workflows change in EC2 as AWS does: on the default bus of the account and Region that they change. */
export function publishCalls(cloud: Pick<Cloud, "observe">, clock: VirtualClock, runtime: Pick<Runtime, "serviceEvent">): void {
  let number = 0;
  cloud.observe((observed) => {
    number += 1;
    const event = ec2Event(observed, clock.now(), number);
    if (event !== undefined) {
      const { account, region } = observed.call;
      clock.after(DELAY, () => void runtime.serviceEvent({ account, region }, event));
    }
  });
}
