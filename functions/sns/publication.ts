import type { PublishCommandInput } from "@aws-sdk/client-sns";
import { stormText } from "../mail/storm-text";
import { textPart } from "../mail/text-part";
import { type MessageInput, messageContent } from "../message/content";
import { stormContent } from "../message/storm";
import { smsText, snsSubject, stormSms, stormSubject } from "./headline";
import { pagerEvent, stormPagerEvent } from "./pager-event";

/** An SNS channel of the settings. */
export interface SnsChannel {
  readonly topicArn: string;
  /** Whether somebody gets its messages by these protocols. */
  readonly sms: boolean;
  readonly https: boolean;
}

/** Findings of a storm that are named; the whole list is a link away. */
const FINDINGS_NAMED = 30;

/** What each protocol gets. */
interface Parts {
  readonly subject: string;
  readonly text: string;
  readonly sms: string;
  readonly pager: unknown;
}

function parts(input: MessageInput): Parts {
  const { alert } = input;
  if (alert.storm !== undefined) {
    const content = stormContent({ alert, storm: alert.storm }, FINDINGS_NAMED);
    const { runbook } = messageContent(input);
    return {
      subject: stormSubject(content),
      text: stormText({ storm: content, advice: { runbook } }),
      sms: stormSms(content),
      pager: stormPagerEvent(content, alert, runbook?.href),
    };
  }
  const content = messageContent(input);
  // The text has room for one link, and the team's own instructions go before AWS's.
  const remediation = { ...content.remediation, link: content.runbook };
  return {
    subject: snsSubject(content, alert),
    text: textPart({ ...content, remediation }),
    sms: smsText(content, alert),
    pager: pagerEvent(content, alert),
  };
}

const text = (value: string) => ({ DataType: "String", StringValue: value });

/**
 * What is published of an alert. Everybody gets the text (`default`: e-mail, queues), except those who read text messages or PagerDuty's events. A subscription can be
 * limited by the message's attributes: `severity`, `origin`, `reason`, `account` (its id).
 */
export function publication(input: MessageInput, channel: SnsChannel): PublishCommandInput {
  const { alert, account } = input;
  const { subject, text: everybody, sms, pager } = parts(input);
  return {
    TopicArn: channel.topicArn,
    Subject: subject,
    MessageStructure: "json",
    Message: JSON.stringify({
      default: everybody,
      ...(channel.sms && { sms }),
      ...(channel.https && { https: JSON.stringify(pager) }),
    }),
    MessageAttributes: {
      severity: text(alert.finding.severity),
      origin: text(alert.finding.origin),
      reason: text(alert.reason),
      // An attribute's value must not be empty, nor hold what XML cannot.
      account: text(account.id.replace(/[^\x21-\x7E]/g, "") || "unknown"),
      ...(channel.sms && { "AWS.SNS.SMS.SMSType": text("Transactional") }),
    },
  };
}
