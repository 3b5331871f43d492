import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { AccountInfo, Alert } from "../../functions/alert";
import type { AlertSettings } from "../../functions/alert-settings";
import { anAccount, anAlert } from "./findings";

/** Alert settings of a team that wants to be reminded. */
export const ALERT_SETTINGS: AlertSettings = {
  sources: [{ origin: "securityhub", severities: ["CRITICAL"] }],
  remind: { CRITICAL: "5d" },
  wait: {},
  writeBack: true,
  forget: "30d",
};

/** What the workflow hands to a deliver function. */
export const aRequest = (channel: string, alert: Alert = anAlert(), account: AccountInfo = anAccount()) => ({
  alert,
  account,
  channel: { name: channel },
});

/** Secrets Manager with these values by name; `read` lists what was asked for. They can be changed, as by a rotation. */
export function secretsManager(values: Record<string, string>) {
  const read: string[] = [];
  const client = {
    send: async ({ input }: { readonly input: { readonly SecretId: string } }) => {
      read.push(input.SecretId);
      return { SecretString: values[input.SecretId] };
    },
  } as unknown as Pick<SecretsManagerClient, "send">;
  return { client, values, read };
}

/** What functions wrote to their log while something was done: it does not clutter the test's report. */
export async function loggedDuring<T>(
  action: () => Promise<T>,
): Promise<{ readonly result: T; readonly lines: Record<string, unknown>[] }> {
  const lines: Record<string, unknown>[] = [];
  const { write } = process.stdout;
  process.stdout.write = ((text: string | Uint8Array, ...rest: []) => {
    if (typeof text === "string" && text.startsWith('{"kind":"delivery"')) {
      lines.push(JSON.parse(text));
      return true;
    }
    return write.call(process.stdout, text, ...rest);
  }) as typeof write;
  try {
    return { result: await action(), lines };
  } finally {
    process.stdout.write = write;
  }
}
