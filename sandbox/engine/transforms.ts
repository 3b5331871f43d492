import { credentials } from "@grpc/grpc-js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import { type Callback, CallbackInvokeRequest } from "@pulumi/pulumi/proto/callback_pb";
import {
  type RegisterResourceRequest,
  TransformRequest,
  TransformResourceOptions,
  TransformResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { fromStruct, toStruct, type WireProperties } from "./protobuf";
import { CHANNEL_OPTIONS } from "./rpc";

/** What a transform may change of a resource. */
export interface Goal {
  readonly properties: WireProperties;
  readonly options: TransformResourceOptions;
}

/** The options of a registration, in the form in which transforms take and return them. */
export function optionsOf(request: RegisterResourceRequest): TransformResourceOptions {
  const options = new TransformResourceOptions();
  options.setDependsOnList(request.getDependenciesList());
  if (request.hasProtect()) options.setProtect(request.getProtect() ?? false);
  options.setIgnoreChangesList(request.getIgnorechangesList());
  options.setReplaceOnChangesList(request.getReplaceonchangesList());
  options.setReplaceWithList(request.getReplaceWithList());
  options.setVersion(request.getVersion());
  options.setAliasesList(request.getAliasesList());
  options.setProvider(request.getProvider());
  options.setCustomTimeouts(request.getCustomtimeouts());
  options.setPluginDownloadUrl(request.getPlugindownloadurl());
  if (request.hasRetainondelete()) options.setRetainOnDelete(request.getRetainondelete() ?? false);
  options.setDeletedWith(request.getDeletedwith());
  if (request.getDeletebeforereplacedefined()) options.setDeleteBeforeReplace(request.getDeletebeforereplace());
  options.setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList());
  options.setImport(request.getImportid());
  for (const [name, reference] of request.getProvidersMap().entries()) options.getProvidersMap().set(name, reference);
  return options;
}

/** Runs the program's transforms, which live in the program's process: its SDK serves them, and the engine calls back. */
export class Transforms {
  readonly #clients = new Map<string, CallbacksClient>();
  readonly #stack: Callback[] = [];
  readonly #ofResource = new Map<string, { readonly callbacks: readonly Callback[]; readonly parent: string }>();

  addToStack(callback: Callback): void {
    this.#stack.push(callback);
  }

  addToResource(urn: string, parent: string, callbacks: readonly Callback[]): void {
    this.#ofResource.set(urn, { callbacks, parent });
  }

  /** Runs a resource's own transforms, then its parents', then the stack's, as the real engine does. */
  async apply(request: RegisterResourceRequest, goal: Goal): Promise<Goal> {
    let result = goal;
    for (const callback of [...request.getTransformsList(), ...this.#inherited(request.getParent()), ...this.#stack]) {
      const message = new TransformRequest();
      message.setType(request.getType());
      message.setName(request.getName());
      message.setParent(request.getParent());
      message.setCustom(request.getCustom());
      message.setProperties(toStruct(result.properties));
      message.setOptions(result.options);
      const response = TransformResponse.deserializeBinary(await this.#call(callback, message.serializeBinary()));
      result = {
        properties: response.hasProperties() ? fromStruct(response.getProperties()) : result.properties,
        options: response.getOptions() ?? result.options,
      };
    }
    return result;
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  #inherited(parent: string): Callback[] {
    const known = this.#ofResource.get(parent);
    return known === undefined ? [] : [...known.callbacks, ...this.#inherited(known.parent)];
  }

  #call(callback: Callback, argument: Uint8Array): Promise<Uint8Array> {
    const target = callback.getTarget();
    const client = this.#clients.get(target) ?? new CallbacksClient(target, credentials.createInsecure(), CHANNEL_OPTIONS);
    this.#clients.set(target, client);
    const request = new CallbackInvokeRequest();
    request.setToken(callback.getToken());
    request.setRequest(argument);
    return new Promise((resolve, reject) => {
      client.invoke(request, (error, response) =>
        error === null ? resolve(response.getResponse_asU8()) : reject(new Error(error.details)),
      );
    });
  }
}
