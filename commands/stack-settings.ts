import { REPOSITORY } from "../sandbox/engine/run-program";
import { readStackConfig } from "../sandbox/engine/stack-config";
import { UsageError } from "../sandbox/usage-error";
import { parseSettings, type Settings, SettingsError } from "../settings";

/** Settings of a stack of any Organization; those for the sandbox have to name its accounts besides. @throws UsageError */
export function stackSettings({ stack, config: file }: { readonly stack: string; readonly config?: string | undefined }): Settings {
  try {
    return parseSettings(stack, readStackConfig({ directory: REPOSITORY, stack, file }));
  } catch (error) {
    throw error instanceof SettingsError ? new UsageError(error.message) : error;
  }
}
