import { isRefusal } from "../guard/refusals";
import { messageOf } from "../log";

/** A place could not be looked at, and trying again would not help. */
export class Unswept extends Error {
  override readonly name = "Unswept";
}

/** What a member answers. That it refuses to (no role, a Region that is not enabled, a policy in the way) is its own affair, not a failure of the sweep. */
export async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw isRefusal(error) ? new Unswept(messageOf(error)) : error;
  }
}
