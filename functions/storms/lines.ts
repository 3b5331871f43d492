/** Bytes of ids that a line of the log names at most: CloudWatch takes 256 KB (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html). */
const MOST_BYTES = 200_000;

/** Ids, split so that a line of the log can name each. An id has a few KB at most (functions/normalize/bounds.ts). */
export function inLines(ids: readonly string[]): readonly (readonly string[])[] {
  const lines: string[][] = [];
  let room = 0;
  for (const id of ids) {
    const bytes = Buffer.byteLength(JSON.stringify(id)) + 1;
    if (lines.length === 0 || bytes > room) {
      lines.push([]);
      room = MOST_BYTES;
    }
    lines.at(-1)?.push(id);
    room -= bytes;
  }
  return lines;
}
