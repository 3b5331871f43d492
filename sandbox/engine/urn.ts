/** Type of the resource that everything in a stack is below. */
export const STACK_TYPE = "pulumi:pulumi:Stack";

/** The types of a URN's resource and its parents, outermost first: `parent$type`. */
const qualifiedType = (urn: string): string => urn.split("::")[2] ?? "";

/** Pulumi's unique name of a resource: stack, project, the types of its parents and itself, and its name. */
export function createUrn(options: {
  readonly stack: string;
  readonly project: string;
  readonly type: string;
  readonly name: string;
  /** URN of the parent; the stack itself does not show in its children's URNs. */
  readonly parent?: string | undefined;
}): string {
  const parentType = options.parent === undefined ? STACK_TYPE : qualifiedType(options.parent);
  const type = parentType === STACK_TYPE ? options.type : `${parentType}$${options.type}`;
  return `urn:pulumi:${options.stack}::${options.project}::${type}::${options.name}`;
}

/** Package of a type or function token: `aws` of `aws:sqs/queue:Queue`. */
export const packageOf = (token: string): string => token.split(":")[0] ?? "";
