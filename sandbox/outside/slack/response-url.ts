import { createHash } from "node:crypto";
import { TEAM } from "./workspace";

/** How long an address for answers to a press counts, and how often: https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses */
const MINUTES = 30;
const TIMES = 5;

const proof = (until: string, number: string): string =>
  createHash("sha256").update(`response ${until} ${number}`).digest("hex").slice(0, 24);

/** The address to which answers to a press can be sent. @param number of the press */
export function responseUrl(now: number, number: number): string {
  const until = String(now + MINUTES * 60_000);
  return `https://hooks.slack.com/actions/${TEAM}/${until}/${number}-${proof(until, String(number))}`;
}

/** Knows which of these addresses still count. */
export class ResponseUrls {
  readonly #used = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  /** Whether a URL is for answers to presses at all. */
  static isOne(url: URL): boolean {
    return url.pathname.startsWith("/actions/");
  }

  /** Uses an address once; why it cannot be used, if so. */
  use(url: URL): "used_url" | "expired_url" | "no_service" | undefined {
    const [, , , until = "", last = ""] = url.pathname.split("/");
    const [number = "", given] = last.split("-");
    if (given !== proof(until, number)) {
      return "no_service";
    }
    const used = (this.#used.get(url.href) ?? 0) + 1;
    this.#used.set(url.href, used);
    return this.now() > Number(until) ? "expired_url" : used > TIMES ? "used_url" : undefined;
  }
}
