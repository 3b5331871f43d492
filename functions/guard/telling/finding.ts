import type { Finding } from "../../finding";
import { inWords } from "../../message/words";
import { cut, LONGEST, line, paragraph } from "../../normalize/bounds";
import { securityGroupUrl } from "../../normalize/console";
import { productArnOf } from "../../normalize/place";
import { rulesInWords } from "../../security-groups/words";
import type { ChangeRecord } from "../record";
import type { GuardSettings } from "../settings";
import { isUndoable } from "./actions";
import { factsOf, SHOWN } from "./facts";
import { groupArn, groupName } from "./group";
import { isOver } from "./outcome";

/** What a change is judged by, as far as people are told. */
export type Policy = Pick<GuardSettings, "approvedRanges" | "publicPorts">;

/** Longest parts of a title, in characters, so that none of them pushes the others out. */
const PARTS = { who: 64, what: SHOWN, where: 70 } as const;

/** Who did it, as a sentence begins. */
const subject = ({ actor }: ChangeRecord): string =>
  actor === undefined ? "Somebody" : actor.type === "Root" ? "The root user" : actor.name;

/** `alice opens TCP 22 (SSH) to 0.0.0.0/0 in web-servers`. */
function title(change: ChangeRecord): string {
  const where = cut(groupName(change), PARTS.where);
  if (change.found === "sweep") {
    return `Found open: ${cut(rulesInWords(change.offending), PARTS.what)} in ${where}`;
  }
  return `${cut(subject(change), PARTS.who)} ${cut(change.judged, PARTS.what)} in ${where}`;
}

const listed = (items: readonly (string | number)[]): string =>
  items.length > 8 ? `${items.slice(0, 8).join(", ")} and ${items.length - 8} more` : items.join(", ");

/** Why nobody approved it. */
function why({ offending, unread }: ChangeRecord, { approvedRanges, publicPorts }: Policy): string {
  if (unread !== undefined) {
    return `It could not be judged in full: ${unread}.`;
  }
  if (offending.length === 0) {
    return "It opens nothing that is not approved.";
  }
  const peers = [...new Set(offending.map(({ peer }) => (peer.kind === "range" ? peer.range : peer.id)))];
  const ranges =
    approvedRanges.length === 0
      ? "No range of addresses is approved"
      : `The approved ranges (${listed(approvedRanges)}) do not contain ${listed(peers)}`;
  return publicPorts.length === 0
    ? `${ranges}, and no port may be open to the world.`
    : `${ranges}, and only the ports ${listed(publicPorts)} may be open to the world.`;
}

/** What people can do. Also for those who have no buttons. */
function advice(change: ChangeRecord, now: number): string {
  const { id, status, undoUntil } = change;
  if (isUndoable(change, now)) {
    return `If it was wanted: npm run undo -- ${id} restores it, until ${inWords(undoUntil)}. What is wanted for good belongs into tocsin:securityGroupGuard.approvedRanges or publicPorts.`;
  }
  if (status === "asked") {
    return "Approve or undo it with the buttons of this message in Slack.";
  }
  if (isOver(change)) {
    return "";
  }
  return "If nobody can say why it is open, take the rule out of the group. What is wanted for good belongs into tocsin:securityGroupGuard.approvedRanges or publicPorts.";
}

/**
 * What people are told of a change. All its texts keep the bounds that a finding promises; they are hostile, as those of every finding.
 * @param now milliseconds since the epoch.
 */
export function findingOf(change: ChangeRecord, policy: Policy, now: number): Finding {
  const { id, accountId, region, groupId, severity, at, call, actor } = change;
  const text = advice(change, now);
  return {
    origin: "security-group",
    id,
    productArn: productArnOf("security-group", region),
    fromSecurityHub: false,
    problem: id,
    // A burst of one person's or one deployment's calls is one storm.
    kind: line(call === undefined ? "found by the sweep" : `${call} by ${actor?.name ?? "unknown"}`, LONGEST.name),
    standards: [],
    accountId,
    region,
    severity,
    title: line(title(change), LONGEST.title),
    description: paragraph(why(change, policy), LONGEST.description),
    resources: [{ id: groupArn(change), type: "AwsEc2SecurityGroup", name: line(groupName(change), LONGEST.name), tags: {} }],
    facts: factsOf(change),
    remediation: text === "" ? {} : { text },
    state: isOver(change) ? "inactive" : "active",
    sample: false,
    firstSeen: at,
    updatedAt: at,
    consoleUrl: securityGroupUrl(region, groupId),
  };
}
