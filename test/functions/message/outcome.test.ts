import assert from "node:assert/strict";
import { messageOf } from "../../../functions/guard/telling/message";
import { textPart } from "../../../functions/mail/text-part";
import { messageContent } from "../../../functions/message/content";
import { publication } from "../../../functions/sns/publication";
import { teamsMessage } from "../../../functions/teams/message";
import { webhookBody } from "../../../functions/webhook/body";
import { aPutBack } from "../../support/changes";
import { anAccount, anAlert } from "../../support/findings";

const NOW = Date.parse("2026-03-01T09:00:20.000Z");
const parts = { policy: { approvedRanges: ["10.0.0.0/8"], publicPorts: [] } } as never;
const input = { alert: anAlert(messageOf(aPutBack(), parts, NOW)), account: anAccount({ id: "444444444444", name: "web" }) };

describe("what became of a change, in channels without buttons", () => {
  it("stands first, with the command that undoes it", () => {
    const mail = textPart(messageContent(input));
    assert.match(mail, /WHY YOU GET THIS\n\s+New\. Put back by tocsin\./);
    assert.match(mail.replaceAll(/\s+/g, " "), /npm run undo -- k3x7qamz2bpt restores it, until 31 March 2026, 09:00 UTC/);
    assert.match(mail, /When +1 March 2026, 09:00 UTC/);

    const teams = teamsMessage(input);
    assert.match(teams, /Put back by tocsin/);
    assert.match(teams, /npm run undo/);

    const { Message = "" } = publication(input, { topicArn: "arn:aws:sns:eu-west-1:222222222222:pager", sms: false, https: true });
    const pager = JSON.parse(JSON.parse(Message).https);
    assert.equal(pager.payload.custom_details.why, "New. Put back by tocsin.");
    assert.match(pager.payload.custom_details.what_to_do, /npm run undo -- k3x7qamz2bpt/);
    assert.match(pager.payload.summary, /^CRITICAL web: alice@example\.com opens TCP 22 \(SSH\)/);

    assert.equal(webhookBody(input, "2026-03-01T09:00:21.000Z").outcome, "Put back by tocsin.");
  });
});
