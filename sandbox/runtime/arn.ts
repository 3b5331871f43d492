import type { Place } from "../types";

export interface Arn extends Place {
  readonly service: string;
  /** What follows the account: `rule/name`, `function:name`, `queue`. */
  readonly resource: string;
}

/** Reads an ARN; `undefined` if the text is none. */
export function parseArn(text: string): Arn | undefined {
  const [arn, , service, region, account, ...resource] = text.split(":");
  return arn !== "arn" || service === undefined || region === undefined || account === undefined || resource.length === 0
    ? undefined
    : { service, region, account, resource: resource.join(":") };
}

/** Name of a function from its name, ARN, or ARN with an alias or version. */
export function functionName(reference: string): string {
  const arn = parseArn(reference);
  return arn === undefined ? (reference.split(":")[0] ?? reference) : (arn.resource.split(":")[1] ?? reference);
}
