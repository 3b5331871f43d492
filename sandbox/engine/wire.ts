import type { Wire, WireProperties } from "./protobuf";

/** Stands for a value that is not known before it is deployed. */
export const UNKNOWN_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Key that marks an object as something other than a plain map. The signatures are fixed by Pulumi (`sdk/nodejs/runtime/rpc.ts`). */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
export const SIGNATURES = {
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
  secret: "1b47061264138c4ac30d75fd1eb44270",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
} as const;

export type WireObject = { [key: string]: Wire };

export const isWireObject = (wire: Wire | undefined): wire is WireObject =>
  typeof wire === "object" && wire !== null && !Array.isArray(wire);

export const signatureOf = (wire: Wire | undefined): Wire | undefined => (isWireObject(wire) ? wire[SIGNATURE_KEY] : undefined);

/** Marks a value as secret, once. */
export const secretWire = (value: Wire): Wire =>
  signatureOf(value) === SIGNATURES.secret ? value : { [SIGNATURE_KEY]: SIGNATURES.secret, value };

/** Rebuilds a value, its innermost parts first. Assets and archives are left as they are. */
function rebuild(wire: Wire, replace: (wire: Wire) => Wire): Wire {
  if (Array.isArray(wire)) return replace(wire.map((item) => rebuild(item, replace)));
  const signature = signatureOf(wire);
  if (!isWireObject(wire) || signature === SIGNATURES.asset || signature === SIGNATURES.archive) return replace(wire);
  return replace(Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, rebuild(value, replace)])));
}

function upgraded(wire: Wire): Wire {
  if (wire === UNKNOWN_WIRE) return { [SIGNATURE_KEY]: SIGNATURES.output };
  if (!isWireObject(wire) || signatureOf(wire) !== SIGNATURES.secret) return wire;
  const inner = wire.value ?? null;
  if (isWireObject(inner) && signatureOf(inner) === SIGNATURES.output) return { ...inner, secret: true };
  return { [SIGNATURE_KEY]: SIGNATURES.output, value: inner, secret: true };
}

/**
 * Makes output values of what is secret, unknown or depends on a resource, so that a transform in the program sees `Output`s there, as it does under the
 * real engine.
 */
export function upgradeToOutputs(properties: WireProperties, dependencies: ReadonlyMap<string, readonly string[]>): WireProperties {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => {
      const output = rebuild(value, upgraded);
      const urns = [...(dependencies.get(key) ?? [])];
      if (urns.length === 0) return [key, output];
      return isWireObject(output) && signatureOf(output) === SIGNATURES.output
        ? [key, { ...output, dependencies: urns }]
        : [key, { [SIGNATURE_KEY]: SIGNATURES.output, value: output, dependencies: urns }];
    }),
  );
}

/** What an output value holds: without a value it is unknown, while null is a value. */
export const heldBy = (output: WireObject): Wire => (output.value === undefined ? UNKNOWN_WIRE : output.value);

function downgraded(wire: Wire): Wire {
  if (!isWireObject(wire) || signatureOf(wire) !== SIGNATURES.output) return wire;
  const value = heldBy(wire);
  return wire.secret === true ? secretWire(value) : value;
}

/** Takes output values back to plain, secret and unknown values. */
export const downgradeOutputs = (properties: WireProperties): WireProperties =>
  Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, rebuild(value, downgraded)]));
