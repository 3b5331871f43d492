import { post } from "../../functions/outgoing/post";
import type { Post } from "../../functions/webhook/send";
import { type Answering, httpServer, type Received } from "./http-server";

/**
 * A real server in the place of every webhook: `post` sends there by the product's own code whatever address was allowed. `answer` says what comes back;
 * `hosts` are those it was meant for.
 */
export async function webhookServer() {
  const received: Received[] = [];
  const hosts: string[] = [];
  const state: { answer: Answering } = { answer: () => ({ status: 202 }) };
  const server = await httpServer((request, body) => {
    received.push({ path: request.url ?? "", headers: request.headers, body });
    return state.answer(received.length);
  });
  const toServer: Post = (url, outgoing) => {
    hosts.push(url.hostname);
    return post(new URL(`${url.pathname}${url.search}`, server.url), outgoing);
  };
  const reset = (): void => {
    received.length = 0;
    hosts.length = 0;
    state.answer = () => ({ status: 202 });
  };
  return { received, hosts, state, post: toServer, reset, close: server.close };
}
