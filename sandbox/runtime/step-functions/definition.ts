import { isRecord } from "../graph";
import { parseResource } from "./resource";

export type State = Readonly<Record<string, unknown>>;

interface MachineDefinition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
}

/** A definition made ready for the library, and its tasks by state name. */
export interface Prepared {
  readonly definition: MachineDefinition;
  readonly tasks: ReadonlyMap<string, State>;
}

/** Longest time-out of a task: what a Task state has that declares none. */
const NO_TIMEOUT = 99_999_999;

/** An Express execution ends after 5 minutes. */
const EXPRESS_SECONDS = 300;

const UNSUPPORTED_FIELDS = ["Assign", "Arguments", "Output", "Credentials", "ItemReader", "ItemBatcher", "ResultWriter", "Items"];
const UNSUPPORTED_PREFIX = "Tolerated";

const INTRINSICS =
  "Format StringToJson JsonToString Array ArrayPartition ArrayContains ArrayRange ArrayGetItem ArrayLength ArrayUnique Base64Encode Base64Decode Hash JsonMerge MathRandom MathAdd StringSplit UUID"
    .split(" ")
    .map((name) => `States.${name}`);

/**
 * Reads a definition and throws, naming the state, for what the sandbox's Step Functions cannot do: better no run than a wrong one.
 * Then straightens out where the library departs from AWS: a task without a time-out has none (not 60 s), `ResultPath: "$"` is the default, a false `Result`
 * is one, and inside Map and Parallel `$$.Execution` is the whole execution.
 */
export function prepare(text: string, type: string, name: string): Prepared {
  const definition: unknown = JSON.parse(text);
  const tasks = new Map<string, State>();
  if (!isMachine(definition)) {
    throw new Error(`state machine "${name}" has no States`);
  }
  if (definition.QueryLanguage !== undefined && definition.QueryLanguage !== "JSONPath") {
    throw unsupported(name, "machine", `the query language ${String(definition.QueryLanguage)}`);
  }
  const states = prepareStates(definition.States, { name, tasks, nested: false });
  const seconds = type === "EXPRESS" ? Math.min(definition.TimeoutSeconds ?? EXPRESS_SECONDS, EXPRESS_SECONDS) : definition.TimeoutSeconds;
  return { definition: { ...definition, States: states, ...(seconds === undefined ? {} : { TimeoutSeconds: seconds }) }, tasks };
}

interface Walk {
  readonly name: string;
  readonly tasks: Map<string, State>;
  readonly nested: boolean;
}

const unsupported = (machine: string, state: string, what: string): Error =>
  new Error(`state machine "${machine}", state "${state}": the sandbox cannot run ${what}`);

const isMachine = (value: unknown): value is MachineDefinition & Readonly<Record<string, unknown>> =>
  isRecord(value) && isRecord(value.States) && typeof value.StartAt === "string";

const prepareStates = (states: MachineDefinition["States"], walk: Walk): Record<string, State> =>
  Object.fromEntries(Object.entries(states).map(([name, state]) => [name, prepareState(name, state, walk)]));

function prepareState(name: string, state: State, walk: Walk): State {
  for (const field of Object.keys(state)) {
    if (UNSUPPORTED_FIELDS.includes(field) || field.startsWith(UNSUPPORTED_PREFIX)) {
      throw unsupported(walk.name, name, `"${field}"`);
    }
  }
  if (state.QueryLanguage !== undefined && state.QueryLanguage !== "JSONPath") {
    throw unsupported(walk.name, name, `the query language ${String(state.QueryLanguage)}`);
  }
  const prepared: Record<string, unknown> = { ...(prepareValue(withoutNested(state), "", name, walk) as State) };
  if (state.ResultPath === "$") {
    delete prepared.ResultPath;
  }
  if (state.Type === "Pass" && "Result" in state && !state.Result) {
    // The library takes a false, zero, empty or null result for none; a constant of the same value as parameters comes to the same.
    delete prepared.Result;
    prepared.Parameters = state.Result;
  }
  if (Array.isArray(state.Catch)) {
    prepared.Catch = state.Catch.filter(isRecord).map(({ ResultPath, ...rest }) => (ResultPath === "$" ? rest : { ...rest, ResultPath }));
  }
  const inside = { ...walk, nested: true };
  const subMachine = (value: unknown): unknown =>
    isMachine(value) ? { ...value, States: prepareStates(value.States, state.Type === "Map" ? inside : walk) } : value;
  for (const field of ["ItemProcessor", "Iterator"]) {
    const processor = state[field];
    if (isRecord(processor)) {
      if (isRecord(processor.ProcessorConfig) && processor.ProcessorConfig.Mode === "DISTRIBUTED") {
        throw unsupported(walk.name, name, "a distributed Map");
      }
      prepared[field] = subMachine(processor);
    }
  }
  if (Array.isArray(state.Branches)) {
    prepared.Branches = state.Branches.map(subMachine);
  }
  if (state.Type === "Task") {
    prepareTask(name, state, prepared, walk);
  }
  return prepared;
}

function prepareTask(name: string, state: State, prepared: Record<string, unknown>, walk: Walk): void {
  if (parseResource(String(state.Resource)) === undefined) {
    throw unsupported(walk.name, name, `the resource ${String(state.Resource)}`);
  }
  if (walk.tasks.has(name)) {
    throw unsupported(walk.name, name, "two states of the same name");
  }
  if (state.TimeoutSeconds === undefined && state.TimeoutSecondsPath === undefined) {
    prepared.TimeoutSeconds = NO_TIMEOUT;
  }
  walk.tasks.set(name, state);
}

function withoutNested(state: State): State {
  const { ItemProcessor: _, Iterator: __, Branches: ___, ...rest } = state;
  return rest;
}

/** Rewrites paths into the context object, and refuses what they cannot reach or call. */
function prepareValue(value: unknown, key: string, state: string, walk: Walk): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => prepareValue(one, "", state, walk));
  }
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, prepareValue(one, name, state, walk)]));
  }
  if (typeof value !== "string" || !(key.endsWith(".$") || key.endsWith("Path") || key === "Variable")) {
    return value;
  }
  if (walk.nested && value.includes("$$.Map.")) {
    throw unsupported(walk.name, state, "$$.Map inside an item processor (take it in by ItemSelector)");
  }
  for (const [intrinsic] of value.replace(/'(?:\\.|[^'\\])*'/g, "''").matchAll(/States\.\w+/g)) {
    if (!INTRINSICS.includes(intrinsic)) {
      throw unsupported(walk.name, state, intrinsic);
    }
  }
  return value.replaceAll("$$.Execution.", "$$$$.TopExecution.");
}
