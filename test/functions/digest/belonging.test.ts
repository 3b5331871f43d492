import assert from "node:assert/strict";
import type { AccountInfo } from "../../../functions/alert";
import { belongingTo } from "../../../functions/digest/belonging";
import { subscriptionsOf } from "../../../functions/digest/subscriptions";
import type { EpisodeRecord } from "../../../functions/episodes/record";
import { rememberedFinding } from "../../../functions/episodes/remembered";
import type { Route } from "../../../functions/routing/route";
import { anAccount } from "../../support/findings";
import { ago, anEndedEpisode, anEpisode } from "./support";

const belongs = (routes: readonly Route[], record: EpisodeRecord = anEpisode(), account: AccountInfo = anAccount()): number[] =>
  [...belongingTo(routes)(record, rememberedFinding(record), account)].sort();

describe("a finding belongs to the digest of", () => {
  it("the first route that fits, as its messages do", () => {
    const routes: Route[] = [{ when: { severities: ["LOW"] }, to: ["a"] }, { when: { accounts: ["payments"] }, to: ["b"] }, { to: ["c"] }];
    assert.deepEqual(belongs(routes), [1]);
    assert.deepEqual(belongs(routes, anEpisode(), { id: "333333333333" }), [2]);
  });

  it("the next ones too, where a route continues", () => {
    assert.deepEqual(belongs([{ to: ["a"], continue: true }, { to: ["b"] }, { to: ["c"] }]), [0, 1]);
  });

  it("every route that tells of it for one reason or another", () => {
    assert.deepEqual(belongs([{ when: { reasons: ["new"] }, to: ["a"] }, { to: ["b"] }]), [0, 1]);
  });

  it("a route that asks for tags, if its channels were told of this episode", () => {
    const routes: Route[] = [{ when: { tags: { team: "web" } }, to: ["web-mail"] }, { to: ["soc-mail"] }];
    assert.deepEqual(belongs(routes), [1]);
    const told = { "web-mail": { number: 1, at: ago(0), resolved: false } };
    assert.deepEqual(belongs(routes, anEpisode({ channels: told })), [0]);
    assert.deepEqual(belongs(routes, anEpisode({ number: 2, channels: told })), [1], "that was another episode");
    assert.deepEqual(belongs(routes, anEndedEpisode(ago(0), { channels: told })), [0], "also when it has ended");
  });
});

describe("a digest goes to", () => {
  const isEmail = (name: string): boolean => name.endsWith("-mail");

  it("the e-mail channels of the routes that ask for one", () => {
    const subscriptions = subscriptionsOf(
      [
        { to: ["soc-mail", "soc-slack"] },
        { to: ["web-mail", "soc-slack", "soc-mail"], digest: "weekly", when: { accounts: ["web"] } },
        { to: ["soc-mail"], digest: "daily" },
      ],
      isEmail,
    );
    assert.deepEqual(
      subscriptions.map(({ index, channel, period }) => [index, channel, period]),
      [
        [1, "web-mail", "weekly"],
        [1, "soc-mail", "weekly"],
        [2, "soc-mail", "daily"],
      ],
    );
    assert.equal(new Set(subscriptions.map(({ key }) => key)).size, 3);
  });

  it("the same place in the table when routes or conditions change places", () => {
    const when = { accounts: ["web"], severities: ["HIGH"] } as const;
    const [first] = subscriptionsOf([{ when, to: ["soc-mail"], digest: "daily" }], isEmail);
    const swapped = { severities: when.severities, accounts: when.accounts };
    const [, second] = subscriptionsOf(
      [
        { to: ["soc-mail"], digest: "daily" },
        { when: swapped, to: ["soc-mail"], digest: "weekly" },
      ],
      isEmail,
    );
    assert.equal(first?.key, second?.key);
  });
});
