import type { Mail } from "../mail/render";
import type { DigestContent } from "./content";
import { digestPage } from "./page";
import { digestSubject } from "./summary";
import { digestText } from "./text-part";

/** The mail of a digest. Pure: the same content makes the same mail. */
export function renderDigest(content: DigestContent): Mail {
  const subject = digestSubject(content);
  return { subject, html: digestPage(content, subject), text: digestText(content) };
}
