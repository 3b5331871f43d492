/**
 * Writes one JSON object a line to the function's log: what operators (and the sandbox) read decisions and deliveries from.
 * Straight to the stream, because `console.log` puts a time and a request id in front of it in Lambda.
 */
export function log(entry: Readonly<Record<string, unknown>> & { readonly kind: string }): void {
  process.stdout.write(`${JSON.stringify(entry)}\n`);
}

/** What an error says, for a log line or a message attribute. */
export const messageOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
