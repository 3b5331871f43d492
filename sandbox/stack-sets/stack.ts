import type { GraphResource, Place, Provisioner } from "../types";
import { evaluate, holds, NO_VALUE, type Scope, TemplateError } from "./intrinsics";
import { type MadeValues, RESOURCE_TYPES } from "./resource-types";
import type { Template, TemplateResource } from "./template";

/** One stack: a template in an account and Region. */
export interface Stack extends Place {
  readonly id: string;
  readonly name: string;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Makes the resources of a stack, each after those that it refers to. What it made before it fails is in `made`. */
export async function deployStack(stack: Stack, create: Provisioner["create"], made: GraphResource[]): Promise<void> {
  const values = new Map<string, MadeValues>();
  const scope = scopeOf(stack, {
    reference: (resource) => typeOf(resource).reference(valuesOf(values, resource)),
    attribute: (resource, name) => {
      const attribute = typeOf(resource).attributes[name];
      if (attribute === undefined) {
        throw new TemplateError(`the sandbox does not know the attribute ${name} of ${resource.type}`);
      }
      return attribute(valuesOf(values, resource));
    },
  });
  for (const resource of inOrder(stack)) {
    const properties = evaluate(resource.properties, scope) as Readonly<Record<string, unknown>>;
    for (const part of typeOf(resource).declare(properties, () => valuesOf(values, resource))) {
      const { type, suffix, inputs } = typeof part === "function" ? part() : part;
      const name = suffix === undefined ? resource.logicalId : `${resource.logicalId}-${suffix}`;
      const urn = `${stack.id}#${name}`;
      const provider: Place = { account: stack.account, region: stack.region };
      const { id, outputs } = await create({ urn, type, name: physicalName(stack, name, inputs), inputs, provider });
      const all: MadeValues = { ...inputs, ...outputs, id };
      if (suffix === undefined || !values.has(resource.logicalId)) {
        values.set(resource.logicalId, all);
      }
      made.push({
        urn,
        type,
        name,
        custom: true,
        provider,
        inputs,
        outputs: all,
        dependencies: [],
        propertyDependencies: {},
        protect: false,
      });
    }
  }
}

/** CloudFormation names what has no name after stack and resource. */
const physicalName = (stack: Stack, logicalName: string, { name }: Readonly<Record<string, unknown>>): string =>
  typeof name === "string" ? name : `${stack.name}-${logicalName}`;

function typeOf({ logicalId, type }: TemplateResource) {
  const known = RESOURCE_TYPES[type];
  if (known === undefined) {
    throw new TemplateError(`${logicalId}: the sandbox does not know ${type}; it knows ${Object.keys(RESOURCE_TYPES).join(", ")}`);
  }
  return known;
}

function valuesOf(values: ReadonlyMap<string, MadeValues>, { logicalId }: TemplateResource): MadeValues {
  const made = values.get(logicalId);
  if (made === undefined) {
    throw new TemplateError(`${logicalId} is referred to before it is made`);
  }
  return made;
}

interface OfResources {
  reference(resource: TemplateResource): unknown;
  attribute(resource: TemplateResource, name: string): unknown;
}

/** Pseudo parameters, parameters, conditions and resources of a stack. */
function scopeOf(stack: Stack, of: OfResources): Scope {
  const { template, parameters, account, region } = stack;
  const china = region.startsWith("cn-");
  const pseudo: Readonly<Record<string, unknown>> = {
    "AWS::AccountId": account,
    "AWS::NoValue": NO_VALUE,
    "AWS::Partition": china ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws",
    "AWS::Region": region,
    "AWS::StackId": stack.id,
    "AWS::StackName": stack.name,
    "AWS::URLSuffix": china ? "amazonaws.com.cn" : "amazonaws.com",
  };
  const resourceOf = (name: string): TemplateResource => {
    const resource = template.resources.find(({ logicalId }) => logicalId === name);
    if (resource === undefined) {
      throw new TemplateError(`there is no parameter or resource ${name}`);
    }
    if (!exists(resource, scope)) {
      throw new TemplateError(`${name} does not exist in ${account} ${region}, but is referred to`);
    }
    return resource;
  };
  const scope: Scope = {
    reference: (name) => {
      if (Object.hasOwn(pseudo, name)) {
        return pseudo[name];
      }
      if (template.parameters.has(name)) {
        const value = parameters[name] ?? template.parameters.get(name);
        if (value === undefined) {
          throw new TemplateError(`the parameter ${name} has no value`);
        }
        return value;
      }
      return of.reference(resourceOf(name));
    },
    attribute: (name, attribute) => of.attribute(resourceOf(name), attribute),
    condition: (name) => {
      if (!template.conditions.has(name)) {
        throw new TemplateError(`there is no condition ${name}`);
      }
      return holds(template.conditions.get(name), scope);
    },
  };
  return scope;
}

const exists = ({ condition }: TemplateResource, scope: Scope): boolean => condition === undefined || scope.condition(condition);

/** The resources that exist in a stack, each after those that it names. */
function inOrder(stack: Stack): readonly TemplateResource[] {
  const { resources } = stack.template;
  const ordered: TemplateResource[] = [];
  const visiting: string[] = [];
  const visit = (resource: TemplateResource): void => {
    if (ordered.includes(resource)) {
      return;
    }
    if (visiting.includes(resource.logicalId)) {
      throw new TemplateError(`circular dependency between ${visiting.join(", ")}`);
    }
    visiting.push(resource.logicalId);
    // What a resource names is learned by evaluating it once, with texts in place of what is not there yet.
    const named = new Set<TemplateResource>();
    const learn = (one: TemplateResource): string => {
      named.add(one);
      return "";
    };
    const scope = scopeOf(stack, { reference: learn, attribute: learn });
    evaluate(resource.properties, scope);
    for (const id of resource.dependsOn) {
      const other = resources.find(({ logicalId }) => logicalId === id);
      if (other === undefined) {
        throw new TemplateError(`${resource.logicalId} depends on ${id}, which is not in the template`);
      }
      // Dependencies on what does not exist under these conditions count as kept.
      if (exists(other, scope)) {
        named.add(other);
      }
    }
    named.forEach(visit);
    visiting.pop();
    ordered.push(resource);
  };
  const scope = scopeOf(stack, { reference: () => "", attribute: () => "" });
  resources.filter((resource) => exists(resource, scope)).forEach(visit);
  return ordered;
}
