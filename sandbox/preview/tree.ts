import type { Screen } from "../terminal/screen";
import { padded, textWidth } from "../terminal/text";
import type { GraphResource } from "../types";

/** Types as the Pulumi CLI shows them: `aws:sqs:Queue` for `aws:sqs/queue:Queue`. */
export const shortType = (type: string): string => type.replace(/^([^:]+):([^:/]+)\/[^:]+:/, "$1:$2:");

const placeText = ({ provider }: GraphResource): string => (provider === undefined ? "" : `${provider.account} ${provider.region}`);

interface Row {
  /** Lines of the tree before the name. */
  readonly branch: string;
  readonly resource: GraphResource;
}

function rows(resources: readonly GraphResource[], parent: string | undefined, indent: string): Row[] {
  const children = resources.filter((resource) => resource.parent === parent);
  return children.flatMap((resource, index) => {
    const last = index === children.length - 1;
    const [branch, below] = parent === undefined ? ["", ""] : [last ? "└─ " : "├─ ", last ? "   " : "│  "];
    return [{ branch: indent + branch, resource }, ...rows(resources, resource.urn, indent + below)];
  });
}

/** The resources as a tree, one a line: name, type and, for what lives in AWS, account and Region. */
export function treeLines(resources: readonly GraphResource[], screen: Screen): string[] {
  const all = rows(resources, undefined, "");
  const nameColumn = Math.max(0, ...all.map(({ branch, resource }) => textWidth(branch + resource.name)));
  const typeColumn = Math.max(0, ...all.map(({ resource }) => shortType(resource.type).length));
  return all.map(({ branch, resource }) => {
    const name = resource.custom ? resource.name : screen.bold(resource.name);
    const gap = " ".repeat(nameColumn - textWidth(branch + resource.name) + 2);
    const type = screen.accent(padded(shortType(resource.type), typeColumn));
    const place = placeText(resource);
    return `${branch && screen.dim(branch)}${name}${gap}${type}${place && `  ${screen.dim(place)}`}`.trimEnd();
  });
}

function counted(labels: readonly string[]): [label: string, count: number][] {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort(([a, countA], [b, countB]) => countB - countA || a.localeCompare(b));
}

function countLines(title: string, labels: readonly string[], screen: Screen): string[] {
  if (labels.length === 0) return [];
  return [screen.bold(title), ...counted(labels).map(([label, count]) => `${String(count).padStart(6)}  ${label}`)];
}

/** How many resources there are of each type, and in each account and Region. */
export function countsLines(resources: readonly GraphResource[], screen: Screen): string[] {
  return [
    ...countLines(
      `${resources.length} resources by type`,
      resources.map(({ type }) => shortType(type)),
      screen,
    ),
    ...countLines(
      "By account and Region",
      resources.map(placeText).filter((place) => place !== ""),
      screen,
    ),
  ];
}
