import { bodyId, jsonObject } from "./digest";
import type { OutsideService, Reply } from "./service";

/** Hosts of workflows: https://learn.microsoft.com/en-us/power-automate/triggers-introduction (the newer ones end in powerplatform.com). */
const HOST = /\.(?:logic\.azure\.com|api\.powerplatform\.com)$/;

/** A larger message does not get into the channel: https://learn.microsoft.com/en-us/microsoftteams/limits-specifications-teams */
const MOST_BYTES = 28 * 1024;

const failed = (status: number, code: string, message: string): Reply => ({ answer: { status, body: { error: { code, message } } } });

/**
 * Workflows of Microsoft Teams that post what they are sent into a channel.
 * @param urls those that count at this moment.
 */
export function teamsWorkflows(urls: () => Promise<readonly string[]>): OutsideService {
  return {
    name: "teams",
    hasHost: (hostname) => HOST.test(hostname),
    operationOf: () => undefined,
    async answer({ method, url, body }) {
      const workflows = (await urls()).filter((one) => URL.canParse(one)).map((one) => new URL(one));
      const known = workflows.filter(({ host, pathname }) => host === url.host && pathname === url.pathname);
      if (known.length === 0) {
        return failed(404, "WorkflowNotFound", "The workflow could not be found.");
      }
      if (!known.some(({ searchParams }) => searchParams.get("sig") === url.searchParams.get("sig"))) {
        return failed(401, "DirectApiAuthorizationRequired", "The request must be authenticated only by Shared Access scheme.");
      }
      const payload = jsonObject(body.toString("utf8"));
      if (method !== "POST" || payload === undefined) {
        return failed(400, "InvalidRequestContent", "The request content is not valid and could not be deserialized.");
      }
      if (body.length > MOST_BYTES) {
        return failed(413, "RequestEntityTooLarge", `A message of ${body.length} bytes is more than the ${MOST_BYTES} that Teams takes.`);
      }
      return { answer: { status: 202, body: "" }, taken: { what: "message", kind: "teams", messageId: bodyId(body), payload } };
    },
    failure: ({ code, status, retryAfter }) => ({
      status,
      ...(status === 429 && { headers: { "retry-after": String(retryAfter) } }),
      body: { error: { code, message: `${code} (a fault of the sandbox)` } },
    }),
  };
}
