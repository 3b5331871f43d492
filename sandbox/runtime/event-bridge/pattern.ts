import { isRecord } from "../graph";
import { InvalidEventPattern, type Matcher, matcherOf, type Scalar } from "./matchers";

/** The end of a path in a pattern: any of its matchers, or the absence of the field. */
interface Leaf {
  readonly absent: boolean;
  readonly present: boolean;
  readonly matchers: readonly Matcher[];
}

interface Node {
  readonly leaves: readonly (readonly [string, Leaf])[];
  readonly children: readonly (readonly [string, Node])[];
  /** Of each list at least one has to match. */
  readonly alternatives: readonly (readonly Node[])[];
}

/** Longest event pattern that EventBridge takes, in characters. */
export const PATTERN_LIMIT = 2048;

/**
 * Compiles an event pattern as EventBridge documents it ("Comparison operators for use in event patterns"). Throws `InvalidEventPattern`.
 * In an array of objects, all that a pattern asks below the array must be true of one and the same element, as in the Event Ruler library that EventBridge is made of.
 */
export function compilePattern(pattern: unknown): (event: unknown) => boolean {
  const node = compileNode(pattern, "$");
  return (event) => matches(node, event);
}

function compileNode(pattern: unknown, path: string): Node {
  if (!isRecord(pattern)) {
    throw new InvalidEventPattern(`"${path}" must be an object or an array`);
  }
  if (Object.keys(pattern).length === 0) {
    throw new InvalidEventPattern("Empty objects are not allowed");
  }
  const leaves: [string, Leaf][] = [];
  const children: [string, Node][] = [];
  const alternatives: Node[][] = [];
  for (const [key, value] of Object.entries(pattern)) {
    if (key === "$or" && Array.isArray(value) && value.length >= 2 && value.every(isRecord)) {
      alternatives.push(value.map((one, index) => compileNode(one, `${path}.$or[${index}]`)));
    } else if (Array.isArray(value)) {
      leaves.push([key, compileLeaf(value, `${path}.${key}`)]);
    } else {
      children.push([key, compileNode(value, `${path}.${key}`)]);
    }
  }
  return { leaves, children, alternatives };
}

function compileLeaf(elements: readonly unknown[], path: string): Leaf {
  if (elements.length === 0) {
    throw new InvalidEventPattern(`Empty arrays are not allowed: ${path}`);
  }
  const matchers: Matcher[] = [];
  let absent = false;
  let present = false;
  for (const element of elements) {
    if (isRecord(element) && "exists" in element) {
      if (typeof element.exists !== "boolean") {
        throw new InvalidEventPattern(`exists must be true or false: ${path}`);
      }
      absent ||= !element.exists;
      present ||= element.exists;
    } else {
      matchers.push(matcherOf(element));
    }
  }
  return { absent, present, matchers };
}

/** Objects at a place of an event: the object itself, or all those in an array (of arrays). */
const objectsAt = (value: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.flatMap(objectsAt) : isRecord(value) ? [value] : [];

/** Values at a place of an event: the value itself, or all those in an array (of arrays). */
const scalarsAt = (value: unknown): Scalar[] =>
  Array.isArray(value) ? value.flatMap(scalarsAt) : value === undefined || isRecord(value) ? [] : [value as Scalar];

function matches(node: Node, value: unknown): boolean {
  const objects = objectsAt(value);
  if (objects.length === 0) {
    return matchesNothing(node);
  }
  return objects.some(
    (object) =>
      node.leaves.every(([key, leaf]) => matchesLeaf(leaf, key, object, objects)) &&
      node.children.every(([key, child]) => matches(child, object[key])) &&
      node.alternatives.every((nodes) => nodes.some((one) => matches(one, object))),
  );
}

function matchesLeaf(
  leaf: Leaf,
  key: string,
  object: Readonly<Record<string, unknown>>,
  all: readonly Readonly<Record<string, unknown>>[],
): boolean {
  const values = scalarsAt(object[key]);
  return (
    (leaf.present && values.length > 0) ||
    leaf.matchers.some((matcher) => values.some(matcher)) ||
    // A field is absent when no element of the array has it.
    (leaf.absent && all.every((one) => scalarsAt(one[key]).length === 0))
  );
}

/** Whether a pattern that is about absence only matches where there is nothing. */
const matchesNothing = (node: Node): boolean =>
  node.leaves.every(([, leaf]) => leaf.absent) &&
  node.children.every(([, child]) => matchesNothing(child)) &&
  node.alternatives.every((nodes) => nodes.some(matchesNothing));
