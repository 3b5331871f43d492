import { patiently, retryAfterSeconds, SlowDown } from "./patience";

/** An address that nothing is sent to. Its message names the host at most: the path of a webhook is its password. */
export class RefusedUrl extends Error {
  override readonly name = "RefusedUrl";
}

/**
 * The address, if it is one to send to.
 * @param isAllowed says of a host name (lower case) whether it may be talked to.
 * @throws RefusedUrl unless it is https, of an allowed host at the usual port, and without credentials.
 */
export function checkedUrl(text: string, isAllowed: (host: string) => boolean): URL {
  if (!URL.canParse(text)) {
    throw new RefusedUrl("the secret does not hold a URL");
  }
  const url = new URL(text);
  if (url.protocol !== "https:") {
    throw new RefusedUrl("the URL in the secret has to begin with https://");
  }
  if (url.username !== "" || url.password !== "") {
    throw new RefusedUrl("the URL in the secret must not contain a user name or password");
  }
  if (!isAllowed(url.hostname)) {
    throw new RefusedUrl(`the host ${url.hostname} of the URL in the secret is not an allowed one`);
  }
  if (url.port !== "") {
    throw new RefusedUrl(`the URL in the secret has to use the usual port 443, not ${url.port}`);
  }
  return url;
}

/** What is sent. */
export interface Outgoing {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How long one attempt may take, in milliseconds. */
  readonly timeoutMilliseconds: number;
}

/** What came back. */
export interface Answer {
  /** 2xx or 4xx, never 429. */
  readonly status: number;
  readonly headers: Headers;
  /** The beginning of the body: as much as an error message needs, and as came in time. */
  readonly text: string;
}

/** Bytes of an answer that are read. */
const MOST_BYTES = 16_384;

/** What was read in time: by its status an answer is one without its body, too, and a message that was taken must not be sent again because of that. */
async function beginning(response: Response): Promise<string> {
  if (response.body === null) {
    return "";
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    // Leaving the loop cancels the rest.
    for await (const chunk of response.body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MOST_BYTES) {
        break;
      }
    }
  } catch {
    // The connection broke, or the time was up.
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, MOST_BYTES));
}

/** Why a request failed, without the address that a message of `fetch` may carry. */
function reason(error: unknown): string {
  const { name, cause } = error as { readonly name?: unknown; readonly cause?: { readonly code?: unknown } };
  return name === "TimeoutError" ? "no answer in time" : typeof cause?.code === "string" ? cause.code : "the connection failed";
}

async function once(url: URL, { headers, body, timeoutMilliseconds }: Outgoing): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  // A redirect could lead a message, or the signature on it, to where nobody allowed it to go.
  const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal }).catch((error: unknown) => {
    throw new Error(`${url.hostname} could not be reached: ${reason(error)}`);
  });
  const text = await beginning(response);
  const { status } = response;
  if (status === 429) {
    throw new SlowDown(url.hostname, retryAfterSeconds(response.headers.get("retry-after"), Date.now()));
  }
  if (status >= 300 && status < 400) {
    throw new Error(`${url.hostname} answered with a redirect (${status}), which is not followed`);
  }
  if (status >= 500) {
    throw new Error(`${url.hostname} answered ${status}`);
  }
  return { status, headers: response.headers, text };
}

/**
 * Posts to an address that was checked. Where the other side asks to wait (429), that is done for up to ten seconds.
 * @throws Throttled when it wants more, an Error for redirects, 5xx and a network that fails. Messages name the host only.
 */
export const post = (url: URL, outgoing: Outgoing): Promise<Answer> => patiently(() => once(url, outgoing));
