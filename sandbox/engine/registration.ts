import type { RegisterResourceRequest, TransformResourceOptions } from "@pulumi/pulumi/proto/resource_pb";
import { RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import type { Provisioner } from "../types";
import { decodeProperties, encodeProperties, type Properties } from "./properties";
import { fromStruct, toStruct, type WireProperties } from "./protobuf";
import { isProviderType, type Providers } from "./providers";
import type { ProgramResource, Registry } from "./registry";
import { optionsOf, type Transforms } from "./transforms";
import { createUrn } from "./urn";
import { downgradeOutputs, SIGNATURES, secretWire, signatureOf, upgradeToOutputs } from "./wire";

/** What the services of one run share. */
export interface RunContext {
  readonly stack: string;
  readonly project: string;
  readonly programDirectory: string;
  /** Absent in a dry run. */
  readonly provisioner: Provisioner | undefined;
  readonly providers: Providers;
  readonly transforms: Transforms;
  readonly registry: Registry;
  readonly onResource: (resource: ProgramResource) => void;
}

const propertyDependenciesOf = (request: RegisterResourceRequest): Map<string, readonly string[]> =>
  new Map([...request.getPropertydependenciesMap().entries()].map(([key, dependencies]) => [key, dependencies.getUrnsList()]));

interface Goal {
  readonly wire: WireProperties;
  readonly options: TransformResourceOptions;
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** What the program wants of a resource, after its transforms. */
async function goalOf(request: RegisterResourceRequest, transforms: Transforms): Promise<Goal> {
  const dependencies = propertyDependenciesOf(request);
  const given = fromStruct(request.getObject());
  // The real engine shows dependencies only where a resource has transforms of its own, and not to those of its parents and the stack alone.
  const shown = request.getTransformsList().length > 0 ? dependencies : new Map<string, readonly string[]>();
  const goal = await transforms.apply(request, { properties: upgradeToOutputs(given, shown), options: optionsOf(request) });
  const wire = downgradeOutputs(goal.properties);
  return {
    wire,
    options: goal.options,
    propertyDependencies: Object.fromEntries(Object.keys(wire).map((key) => [key, dependencies.get(key) ?? []])),
  };
}

/** What a resource has after its creation: its inputs, overlaid with what the provider answered. Secrets stay secret. */
function outputsOf(wire: WireProperties, inputs: Properties, answered: Readonly<Record<string, unknown>>): WireProperties {
  // What the provider hands back as it was needs no translation (and archives would not survive one).
  const news = Object.entries(answered).filter(([key, value]) => value !== inputs.values[key]);
  const encoded = Object.entries(encodeProperties(Object.fromEntries(news)));
  return {
    ...wire,
    ...Object.fromEntries(encoded.map(([key, value]) => [key, signatureOf(wire[key]) === SIGNATURES.secret ? secretWire(value) : value])),
  };
}

interface Created {
  /** Empty: not known yet, or a component, which has none. */
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Registers a resource: runs its transforms, finds its place, and has it created in a real run. */
export async function registerResource(request: RegisterResourceRequest, context: RunContext): Promise<RegisterResourceResponse> {
  const type = request.getType();
  const name = request.getName();
  if (request.getRemote()) throw new Error(`The component ${type} is made by a plugin of another language, which cannot run here.`);
  const parent = request.getParent() || undefined;
  const urn = createUrn({ stack: context.stack, project: context.project, type, name, parent });
  context.registry.reserve(urn);
  context.transforms.addToResource(urn, request.getParent(), request.getTransformsList());

  const { wire, options, propertyDependencies } = await goalOf(request, context.transforms);
  const inputs = decodeProperties(wire, context.programDirectory);
  const custom = request.getCustom();
  const isProvider = isProviderType(type);
  if (isProvider) context.providers.add(urn, type, inputs.values);
  const provider = custom && !isProvider ? context.providers.resolve(type, options.getProvider(), inputs.values.region) : undefined;

  const create = async (): Promise<Created> => {
    if (!custom || context.provisioner === undefined) return { id: "", outputs: {} };
    if (isProvider) return { id: name, outputs: {} };
    return context.provisioner.create({ urn, type, name, inputs: inputs.values, ...(provider === undefined ? {} : { provider }) });
  };
  const created = await create();

  const resource: ProgramResource = {
    urn,
    type,
    name,
    ...(parent === undefined ? {} : { parent }),
    custom,
    ...(provider === undefined ? {} : { provider }),
    inputs: inputs.values,
    secrets: inputs.secrets,
    outputs: { ...inputs.values, ...created.outputs, ...(created.id === "" ? {} : { id: created.id }) },
    dependencies: [...new Set([...options.getDependsOnList(), ...Object.values(propertyDependencies).flat()])],
    propertyDependencies,
    protect: options.hasProtect() ? options.getProtect() === true : parent !== undefined && context.registry.get(parent)?.protect === true,
  };
  context.registry.set(resource);
  context.onResource(resource);

  const outputs = outputsOf(wire, inputs, created.outputs);
  for (const key of options.getAdditionalSecretOutputsList()) {
    const value = outputs[key];
    if (value !== undefined) outputs[key] = secretWire(value);
  }
  const response = new RegisterResourceResponse();
  response.setUrn(urn);
  response.setId(created.id);
  response.setObject(toStruct(custom ? outputs : {}));
  return response;
}
