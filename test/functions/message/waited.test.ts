import assert from "node:assert/strict";
import type { Alert } from "../../../functions/alert";
import { textPart } from "../../../functions/mail/text-part";
import { messageContent } from "../../../functions/message/content";
import { publication } from "../../../functions/sns/publication";
import { teamsMessage } from "../../../functions/teams/message";
import { anAccount, anAlert } from "../../support/findings";

const SINCE = "2026-03-01T09:00:00.000Z";
const MUTED = { owner: "alice@example.com", until: "2026-03-02T09:00:00.000Z" };
const SECOND = 1_000;

/** Why people get the first message, a while after the problem came. */
function why(waited: Alert["waited"], milliseconds?: number): string {
  const now = milliseconds === undefined ? {} : { now: new Date(Date.parse(SINCE) + milliseconds).toISOString() };
  return messageContent({ alert: anAlert({ waited }), account: anAccount(), ...now }).why.sentence;
}

describe("why people hear of something now that is not new", () => {
  it("is that it has stayed unresolved, in the largest unit that says it well", () => {
    assert.equal(why({ since: SINCE }, 86_400 * SECOND + 400), "It has stayed unresolved for 1 day.");
    assert.equal(why({ since: SINCE }, 90_000 * SECOND), "It has stayed unresolved for 25 hours.");
    assert.equal(why({ since: SINCE }, 20 * SECOND), "Unresolved since 1 March 2026, 09:00 UTC.");
    assert.equal(why({ since: SINCE }), "Unresolved since 1 March 2026, 09:00 UTC.");
  });

  it("is who muted it and until when, also where the mute was taken back before", () => {
    const by = "Muted by alice@example.com until 2 March 2026, 09:00 UTC";
    assert.equal(why({ since: SINCE, muted: MUTED }, 86_400 * SECOND), `${by}, and still unresolved.`);
    assert.equal(why({ since: SINCE, muted: MUTED }, 3_600 * SECOND), `${by}, which no longer holds for it. Still unresolved.`);
  });

  it("is on one line whoever the owner says to be", () => {
    assert.equal(
      why({ since: SINCE, muted: { ...MUTED, owner: "eve\r\nBcc: all\u202E" } }, 86_400 * SECOND),
      "Muted by eve Bcc: all\uFFFD until 2 March 2026, 09:00 UTC, and still unresolved.",
    );
  });

  it("stands in mails, cards and pages", () => {
    const input = { alert: anAlert({ waited: { since: SINCE, muted: MUTED } }), account: anAccount(), now: MUTED.until };
    const { Message = "" } = publication(input, { topicArn: "arn:aws:sns:eu-west-1:222222222222:pager", sms: false, https: true });
    for (const message of [textPart(messageContent(input)), teamsMessage(input), Message]) {
      assert.match(message.replaceAll(/\s+/g, " "), /Muted by alice@example\.com until 2 March 2026/);
    }
  });
});
