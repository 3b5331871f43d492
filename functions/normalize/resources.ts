import type { Resource } from "../finding";
import { identifier, LONGEST, line, MOST } from "./bounds";
import { instanceArn, parseArn } from "./place";
import { at, list, object, textAt } from "./read";

/** Bounded tags. A person's tags come before those of AWS services (`aws:…`), as only so many are kept. */
function tagsOf(pairs: readonly (readonly [unknown, unknown])[]): Record<string, string> {
  const tags: [string, string][] = [];
  for (const [key, value] of pairs) {
    const name = line(key, LONGEST.tag);
    if (name !== "" && typeof value === "string") tags.push([name, line(value, LONGEST.tag)]);
  }
  const ordered =
    tags.length > MOST.tags
      ? [...tags.filter(([key]) => !key.startsWith("aws:")), ...tags.filter(([key]) => key.startsWith("aws:"))]
      : tags;
  return Object.fromEntries(ordered.slice(0, MOST.tags));
}

/** Tags written as an object `{name: value}` (ASFF, Inspector). */
export const tagsOfObject = (value: unknown): Record<string, string> => tagsOf(Object.entries(object(value) ?? {}).slice(0, 100));

/** Tags written as a list of `{key, value}` (GuardDuty) or `{name, value}` (OCSF). */
export const tagsOfList = (value: unknown): Record<string, string> =>
  tagsOf(
    list(value)
      .slice(0, 100)
      .map((tag) => [textAt(tag, "key") ?? textAt(tag, "name"), at(tag, "value")] as const),
  );

/** The part of an id that people know the resource by. */
function lastPart(id: string): string {
  const resource = parseArn(id)?.resource ?? id;
  const lambda = /^function:([^:]+)/.exec(resource)?.[1];
  if (lambda !== undefined) return lambda;
  const image = /^repository\/(.+)\/(sha256:[0-9a-f]{12})/.exec(resource);
  if (image) return `${image[1]}@${image[2]}`;
  const logGroup = /^log-group:([^:]+)/.exec(resource)?.[1];
  if (logGroup !== undefined) return logGroup;
  return resource.split(/[/:]/).findLast((part) => part !== "") ?? id;
}

/** One spelling of resource types, that of ASFF: `AWS::EC2::Instance` (OCSF) and `AWS_EC2_INSTANCE` (Inspector) become `AwsEc2Instance`. */
export function resourceType(value: unknown): string {
  const type = line(value, LONGEST.name);
  const parts = type.includes("::") ? type.split(/:+/) : /^[A-Z0-9]+(_[A-Z0-9]+)+$/.test(type) ? type.split("_") : [type];
  if (parts.length === 1) return type === "" ? "Other" : type;
  return parts.map((part) => (/^[A-Z0-9]+$/.test(part) ? part.charAt(0) + part.slice(1).toLowerCase() : part)).join("");
}

/** A bounded resource; `undefined` without an id. The name is the Name tag, else what the service calls it, else the last part of the id. */
export function resource(from: {
  readonly id: unknown;
  readonly type: unknown;
  readonly name?: unknown;
  readonly tags?: Record<string, string>;
}): Resource | undefined {
  const id = identifier(from.id);
  if (id === undefined) return undefined;
  const tags = from.tags ?? {};
  const name = [tags.Name, from.name, lastPart(id), id].map((one) => line(one, LONGEST.name)).find((one) => one !== "") ?? id;
  return { id, type: resourceType(from.type), name, tags };
}

/** An id as Security Hub has it in ASFF: EC2 instances by ARN (Inspector's events and OCSF give the bare id), others as they are. */
export const asffId = (
  id: string | undefined,
  type: string,
  place: { readonly region: string; readonly accountId: string; readonly partition?: string | undefined },
) =>
  id !== undefined && type === "AwsEc2Instance" && /^i-[0-9a-f]{8,17}$/.test(id)
    ? instanceArn(id, place.region, place.accountId, place.partition)
    : id;

/** The resources that are there, as many as are kept. */
export const resources = (found: readonly (Resource | undefined)[]): Resource[] =>
  found.filter((one) => one !== undefined).slice(0, MOST.resources);
