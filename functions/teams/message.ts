import { httpsLink } from "../message/clean";
import { type MessageInput, messageContent } from "../message/content";
import { stormContent } from "../message/storm";
import { type Card, findingCard } from "./finding-card";
import { withinRoom } from "./room";
import { stormCard } from "./storm-card";

/** What the workflow "Send webhook alerts to a channel" takes (https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using). */
const message = ({ body, actions }: Card) => ({
  type: "message",
  attachments: [
    {
      contentType: "application/vnd.microsoft.card.adaptive",
      contentUrl: null,
      content: {
        $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
        type: "AdaptiveCard",
        version: "1.5",
        msteams: { width: "Full" },
        body,
        ...(actions.length > 0 && { actions }),
      },
    },
  ],
});

/** The request that tells Teams of an alert: JSON of at most 20,000 bytes. */
export function teamsMessage(input: MessageInput): string {
  const { alert } = input;
  const { storm } = alert;
  if (storm !== undefined) {
    return withinRoom((room) => message(stormCard(stormContent({ alert, storm }, room.findings), room, httpsLink(input.runbook))));
  }
  const content = messageContent(input);
  return withinRoom((room) => message(findingCard(content, alert, room)));
}
