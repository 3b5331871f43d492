type Node = { [name: string]: Node | string };

/** Lists are numbered members: `Tags.member.1.Key` (Query), `entry.1.key` (maps), `InstanceId.1` (EC2). */
function collapse(node: Node | string): unknown {
  if (typeof node === "string") return node;
  const names = Object.keys(node);
  if (names.length === 1) {
    const [only = ""] = names;
    const inner = node[only];
    if ((only === "member" || only === "entry") && typeof inner === "object") return collapse(inner);
  }
  if (names.length > 0 && names.every((name) => /^\d+$/.test(name)))
    return names.sort((a, b) => Number(a) - Number(b)).map((name) => collapse(node[name] ?? ""));
  return Object.fromEntries(names.map((name) => [name, collapse(node[name] ?? "")]));
}

/** The input of a Query request, nested as its names say. All values are texts. */
export function inputOfForm(form: URLSearchParams): Record<string, unknown> {
  const root: Node = Object.create(null);
  for (const [path, value] of form) {
    if (path === "Action" || path === "Version") continue;
    const names = path.split(".");
    let node = root;
    for (const name of names.slice(0, -1)) {
      const next = node[name];
      const child: Node = typeof next === "object" ? next : Object.create(null);
      node[name] = child;
      node = child;
    }
    node[names.at(-1) ?? ""] = value;
  }
  return Object.fromEntries(Object.entries(root).map(([name, node]) => [name, collapse(node)]));
}
