import { isObject, TemplateError } from "./intrinsics";

export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Name of the condition under which it exists. */
  readonly condition?: string;
  readonly dependsOn: readonly string[];
}

/** A CloudFormation template, as far as the sandbox deploys it. */
export interface Template {
  readonly body: string;
  readonly description?: string;
  /** Parameters with their defaults. */
  readonly parameters: ReadonlyMap<string, string | undefined>;
  readonly conditions: ReadonlyMap<string, unknown>;
  readonly resources: readonly TemplateResource[];
}

/** Largest template in a request, in bytes: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LARGEST_BODY = 51_200;

/** Outputs are read and forgotten: nobody can ask for them here. */
const SECTIONS = ["AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Conditions", "Resources", "Outputs"];
const RESOURCE_FIELDS = ["Type", "Properties", "Condition", "DependsOn", "Metadata", "DeletionPolicy", "UpdateReplacePolicy"];

const refuseOthers = (value: object, known: readonly string[], where: string): void => {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new TemplateError(`the sandbox does not know ${unknown.join(", ")} in ${where}`);
  }
};

const section = (template: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> => {
  const value = template[name] ?? {};
  if (!isObject(value)) {
    throw new TemplateError(`${name} is no object`);
  }
  return value;
};

/** Reads a template in JSON. Throws `TemplateError` for what it does not understand. */
export function parseTemplate(body: string): Template {
  const bytes = Buffer.byteLength(body);
  if (bytes > LARGEST_BODY) {
    throw new TemplateError(`the template has ${bytes} bytes, and a request takes ${LARGEST_BODY}`);
  }
  const template = parseJson(body);
  refuseOthers(template, SECTIONS, "the template");
  const resources = Object.entries(section(template, "Resources")).map(([logicalId, resource]) => parseResource(logicalId, resource));
  if (resources.length === 0) {
    throw new TemplateError("the template has no resources");
  }
  const { Description } = template;
  return {
    body,
    ...(typeof Description === "string" && { description: Description }),
    parameters: new Map(
      Object.entries(section(template, "Parameters")).map(([name, parameter]) => {
        const given = isObject(parameter) ? parameter.Default : undefined;
        return [name, given === undefined ? undefined : String(given)] as const;
      }),
    ),
    conditions: new Map(Object.entries(section(template, "Conditions"))),
    resources,
  };
}

function parseJson(body: string): Readonly<Record<string, unknown>> {
  let template: unknown;
  try {
    template = JSON.parse(body);
  } catch (error) {
    throw new TemplateError(`the sandbox reads templates in JSON: ${(error as Error).message}`);
  }
  if (!isObject(template)) {
    throw new TemplateError("the template is no object");
  }
  return template;
}

function parseResource(logicalId: string, resource: unknown): TemplateResource {
  if (!isObject(resource) || typeof resource.Type !== "string") {
    throw new TemplateError(`${logicalId} has no Type`);
  }
  refuseOthers(resource, RESOURCE_FIELDS, logicalId);
  const { Type, Condition, DependsOn = [] } = resource;
  return {
    logicalId,
    type: Type,
    properties: section(resource, "Properties"),
    ...(typeof Condition === "string" && { condition: Condition }),
    dependsOn: (Array.isArray(DependsOn) ? DependsOn : [DependsOn]).map(String),
  };
}
