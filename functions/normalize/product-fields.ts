import { type JsonObject, object } from "./read";

type Node = Record<string, unknown>;

const MOST_FIELDS = 300;
const MOST_DEPTH = 12;
const MOST_ITEMS = 20;

/** Objects without a prototype: a field called `__proto__` is then a field like any other. */
const node = (): Node => Object.create(null) as Node;

/** The object at a key. A text there gives way: Security Hub also writes an empty one for what has fields below. */
function child(parent: Node, key: string): Node | undefined {
  const existing = parent[key];
  if (Array.isArray(existing)) return undefined;
  if (typeof existing === "object" && existing !== null) return existing as Node;
  const made = node();
  parent[key] = made;
  return made;
}

/** The object at a list's position: Security Hub writes `threats.0_/name` for the name of the first of `threats`. */
function item(parent: Node, name: string, index: number): Node | undefined {
  if (index >= MOST_ITEMS) return undefined;
  const existing = parent[name];
  const items: Node[] = Array.isArray(existing) ? existing : [];
  if (items !== existing) parent[name] = items;
  while (items.length <= index) items.push(node());
  return items[index];
}

/**
 * GuardDuty's own fields in a finding's copy in Security Hub, in their original shape: `aws/guardduty/service/action/actionType` is
 * `{service: {action: {actionType}}}` again, so that one reader serves both.
 */
export function unflatten(productFields: unknown, prefix: string): JsonObject {
  const root = node();
  const keys = Object.keys(object(productFields) ?? {}).filter((key) => key.startsWith(prefix));
  for (const key of keys.slice(0, MOST_FIELDS)) {
    const path = key.slice(prefix.length).split("/");
    if (path.length > MOST_DEPTH) continue;
    const last = path.pop() ?? "";
    let parent: Node | undefined = root;
    for (const step of path) {
      if (parent === undefined) break;
      // Only list items end in "_": the cheap check spares most steps the expression.
      const listed: RegExpExecArray | null = step.endsWith("_") ? /^(.+)\.(\d{1,3})_$/.exec(step) : null;
      parent = listed ? item(parent, listed[1] ?? "", Number(listed[2])) : child(parent, step);
    }
    const value = (productFields as JsonObject)[key];
    if (parent !== undefined && typeof value === "string" && parent[last] === undefined) parent[last] = value;
  }
  return root;
}
