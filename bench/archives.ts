import type { ProgramResult } from "../sandbox/engine/run-program";
import { isRecord } from "../sandbox/runtime/graph";
import type { ArchiveValue } from "../sandbox/types";

/** A function as the program declares it. */
export interface DeployedFunction {
  /** Short name, which is that of its module too. */
  readonly name: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Bytes of its archive before it is packed. */
  readonly bytes: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** All functions of a program, by name. */
export const functionsOf = ({ resources }: Pick<ProgramResult, "resources">): DeployedFunction[] =>
  resources
    .filter(({ type }) => type === "aws:lambda/function:Function")
    .map(({ name, inputs }) => {
      const { files } = inputs.code as ArchiveValue;
      const { environment } = inputs;
      const variables = isRecord(environment) && isRecord(environment.variables) ? environment.variables : {};
      return {
        name,
        files,
        bytes: Object.values(files).reduce((sum, content) => sum + content.length, 0),
        // What only a deployment tells is unknown in a preview; any text will do to start the function.
        environment: Object.fromEntries(
          Object.entries(variables).map(([key, value]) => [key, typeof value === "string" ? value : "unknown"]),
        ),
      };
    })
    .sort((left, right) => left.name.localeCompare(right.name));
