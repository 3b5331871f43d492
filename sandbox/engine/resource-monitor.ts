import type { IResourceMonitorServer } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  DeploymentInfo,
  ResourceMonitorFeature as Feature,
  ReadResourceResponse,
  RegisterPackageResponse,
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  type RegisterResourceResponse,
  type ResourceInvokeRequest,
  ResourceInvokeResponse,
  SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { answerInvoke } from "./invokes";
import type { ProgramLog } from "./program-log";
import { decodeProperties, encodeProperties, type Properties, UNKNOWN } from "./properties";
import { Empty, fromStruct, toStruct } from "./protobuf";
import { type RunContext, registerResource } from "./registration";
import { method, Terminating, unsupported } from "./rpc";
import { createUrn, STACK_TYPE } from "./urn";

/** What the engine offers, by the names under which older SDKs ask for it. */
const FEATURES: Readonly<Record<string, Feature>> = {
  secrets: Feature.RESOURCE_MONITOR_FEATURE_SECRETS,
  resourceReferences: Feature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
  outputValues: Feature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
  aliasSpecs: Feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  deletedWith: Feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  replaceWith: Feature.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
  transforms: Feature.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
};

/** Finds a resource that the program holds by its URN only. */
const GET_RESOURCE = "pulumi:pulumi:getResource";

const NO_PROPERTIES: Properties = { values: {}, secrets: [] };

/** The service to which the program's SDK registers resources. */
export class ResourceMonitor {
  readonly #context: RunContext;
  readonly #onLog: (log: ProgramLog) => void;
  readonly #registrations = new Set<Promise<unknown>>();
  #failed = false;
  #outputs = NO_PROPERTIES;

  constructor(context: RunContext, onLog: (log: ProgramLog) => void) {
    this.#context = context;
    this.#onLog = onLog;
  }

  /** What the program exported. */
  get outputs(): Properties {
    return this.#outputs;
  }

  /** Whether a resource could not be created. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Resolves when no resource is being created any more, also after the program's end. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#registrations);
  }

  readonly service: IResourceMonitorServer = {
    getDeploymentInfo: method(() => new DeploymentInfo().setSupportedfeaturesList(Object.values(FEATURES))),
    supportsFeature: method((request) => new SupportsFeatureResponse().setHassupport(request.getId() in FEATURES)),
    registerResource: method((request) => this.#register(request)),
    registerResourceOutputs: method((request) => this.#registerOutputs(request)),
    readResource: method((request) => {
      const { stack, project } = this.#context;
      if (request.getType() === "pulumi:pulumi:StackReference") {
        throw new Error(`The outputs of the stack ${request.getId()} cannot be read here: that takes its Pulumi backend.`);
      }
      const urn = createUrn({ stack, project, type: request.getType(), name: request.getName(), parent: request.getParent() || undefined });
      return new ReadResourceResponse().setUrn(urn).setProperties(toStruct(fromStruct(request.getProperties())));
    }),
    invoke: method((request) => this.#invoke(request)),
    registerStackTransform: method((callback) => {
      this.#context.transforms.addToStack(callback);
      return new Empty();
    }),
    registerPackage: method((request) => new RegisterPackageResponse().setRef(request.getName())),
    signalAndWaitForShutdown: method(() => new Empty()),
    call: unsupported("Methods of remote components"),
    existsResource: unsupported("Checks for existing resources"),
    registerStackInvokeTransform: unsupported("Transforms of provider functions"),
    registerResourceHook: unsupported("Resource hooks"),
    registerErrorHook: unsupported("Error hooks"),
  };

  async #register(request: RegisterResourceRequest): Promise<RegisterResourceResponse> {
    if (this.#failed) throw new Terminating();
    const registration = registerResource(request, this.#context);
    this.#registrations.add(registration);
    try {
      return await registration;
    } catch (error) {
      // As the real engine does: it reports the failure itself, and the program only learns that it is over.
      this.#failed = true;
      const { stack, project } = this.#context;
      const type = request.getType();
      const name = request.getName();
      const urn = createUrn({ stack, project, type, name, parent: request.getParent() || undefined });
      this.#onLog({ severity: "error", message: `${type} "${name}": ${error instanceof Error ? error.message : String(error)}`, urn });
      throw new Terminating();
    } finally {
      this.#registrations.delete(registration);
    }
  }

  #registerOutputs(request: RegisterResourceOutputsRequest): InstanceType<typeof Empty> {
    const { registry, programDirectory } = this.#context;
    const resource = registry.get(request.getUrn());
    if (resource === undefined) throw new Error(`The resource ${request.getUrn()} was never registered.`);
    const outputs = decodeProperties(fromStruct(request.getOutputs()), programDirectory);
    registry.set({ ...resource, outputs: outputs.values });
    if (resource.type === STACK_TYPE) this.#outputs = outputs;
    return new Empty();
  }

  async #invoke(request: ResourceInvokeRequest): Promise<ResourceInvokeResponse> {
    const token = request.getTok();
    const { programDirectory, provisioner, providers, registry } = this.#context;
    const args = decodeProperties(fromStruct(request.getArgs()), programDirectory).values;
    const response = new ResourceInvokeResponse();
    if (token === GET_RESOURCE) {
      const resource = registry.get(String(args.urn));
      if (resource === undefined) throw new Error(`There is no resource ${String(args.urn)}.`);
      const { id = "", ...state } = resource.outputs;
      return response.setReturn(toStruct(encodeProperties({ urn: resource.urn, id, state })));
    }
    const place = providers.resolve(token, request.getProvider(), args.region);
    const answer = await answerInvoke(token, args, place, provisioner);
    return answer === UNKNOWN ? response.setUnknown(true) : response.setReturn(toStruct(encodeProperties({ ...answer })));
  }
}
