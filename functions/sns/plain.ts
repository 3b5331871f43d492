/**
 * Letters that stand for others where only ASCII arrives whole: in SNS subjects, and in text messages, where one letter outside of the GSM alphabet
 * makes all of them cost twice the room (https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html).
 */
const STAND_INS: Readonly<Record<string, string>> = {
  "‘": "'",
  "’": "'",
  "‚": "'",
  "“": '"',
  "”": '"',
  "„": '"',
  "«": '"',
  "»": '"',
  "–": "-",
  "—": "-",
  "−": "-",
  "·": "-",
  "›": ">",
  ß: "ss",
  æ: "ae",
  Æ: "AE",
  ø: "o",
  Ø: "O",
  đ: "d",
  ł: "l",
  Ł: "L",
};

/** One line of printable ASCII. Accents go; what has no likeness becomes one question mark. */
export function plainLine(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^ -~]/gu, (character) => STAND_INS[character] ?? "\uFFFD")
    .replace(/\uFFFD[\uFFFD\s]*\uFFFD|\uFFFD/gu, "?")
    .replace(/\s+/g, " ")
    .trim();
}

/** ASCII that the GSM alphabet has at the price of two characters, or not at all (the backtick), and what stands for it. */
const GSM_STAND_INS: Readonly<Record<string, string>> = {
  "[": "(",
  "]": ")",
  "{": "(",
  "}": ")",
  "\\": "/",
  "|": "/",
  "^": "'",
  "`": "'",
  "~": "-",
};

/** The same in the basic GSM alphabet. */
export const gsmLine = (text: string): string => plainLine(text).replace(/[[\]{}\\|^`~]/g, (character) => GSM_STAND_INS[character] ?? "");

/** At most `limit` characters of ASCII, three dots at the end if something was cut. */
export const clipPlain = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, Math.max(0, limit - 3)).trimEnd()}...`;
