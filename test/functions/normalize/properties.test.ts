import assert from "node:assert/strict";
import fc from "fast-check";
import { type Finding, SEVERITIES } from "../../../functions/finding";
import { NotAFinding, normalize } from "../../../functions/normalize";
import { FIXTURES, fixture, type Path } from "./support";

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is the promise
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is the promise, but newline and tab
const CONTROL_BUT_NEWLINE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** The bounds that functions/finding.ts documents. */
function assertBounded(finding: Finding): void {
  const lines: [string, number][] = [
    [finding.title, 256],
    [finding.id, 1024],
    [finding.productArn, 1024],
    [finding.problem, 1024],
    [finding.kind, 256],
    [finding.accountName ?? "", 256],
    [finding.remediation.url ?? "", 1024],
    ...finding.facts.flatMap(({ label, value }): [string, number][] => [
      [label, 256],
      [value, 512],
    ]),
    ...finding.resources.flatMap(({ id, type, name, tags }): [string, number][] => [
      [id, 1024],
      [type, 256],
      [name, 256],
      ...Object.entries(tags)
        .flat()
        .map((text): [string, number] => [text, 256]),
    ]),
  ];
  for (const [text, longest] of lines) {
    assert.ok(text.length <= longest, `${text.length} > ${longest}: ${text.slice(0, 40)}`);
    assert.ok(text.isWellFormed(), "no half of a surrogate pair");
    assert.doesNotMatch(text, CONTROL);
  }
  for (const text of [finding.description, finding.remediation.text ?? ""]) {
    assert.ok(text.length <= 1024 && text.isWellFormed());
    assert.doesNotMatch(text, CONTROL_BUT_NEWLINE);
  }
  assert.ok(finding.title !== "" && finding.id !== "" && finding.kind !== "" && finding.problem !== "");
  assert.ok(finding.facts.length <= 20 && finding.resources.length <= 20);
  assert.ok(finding.resources.every(({ tags }) => Object.keys(tags).length <= 20));
  assert.match(finding.accountId, /^\d{12}$/);
  assert.match(finding.region, /^[a-z]+(-[a-z]+)+-\d+$/);
  assert.ok(SEVERITIES.includes(finding.severity));
  assert.match(finding.firstSeen, ISO);
  assert.match(finding.updatedAt, ISO);
  assert.equal(new URL(finding.consoleUrl).protocol, "https:");
  assert.ok(finding.remediation.url === undefined || finding.remediation.url.startsWith("https://"));
  assert.ok(JSON.stringify(finding).length < 120_000);
}

/** Normalizes, and checks that it either succeeds within the bounds or says that it is no finding. */
function check(event: unknown): void {
  const before = JSON.stringify(event);
  try {
    const { finding, eventTime } = normalize(event);
    assertBounded(finding);
    assert.match(eventTime, ISO);
  } catch (error) {
    if (!(error instanceof NotAFinding)) throw error;
    assert.ok(error.message.length < 500);
  }
  assert.equal(JSON.stringify(event), before, "the event is not changed");
}

/** Every path in a value. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [
    ...(path.length > 0 ? [path] : []),
    ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, Array.isArray(value) ? Number(key) : key])),
  ];
}

const PATHS = new Map(FIXTURES.map((name) => [name, pathsOf(fixture(name))]));

const hostile = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: "binary", maxLength: 3000 }),
  fc.constantFrom<unknown>(
    "",
    " ",
    "\r\nBcc: x@example.com",
    "<script>alert(1)</script>",
    "\u202Egpj.exe",
    "👩‍👩‍👧‍👦".repeat(300),
    "\ud83d",
    "\u0000",
    "__proto__",
    "javascript:alert(1)",
    "https://user:pass@example.com/",
    -1,
    1e308,
    true,
    {},
    [],
  ),
  fc.integer({ min: 1, max: 2000 }).map((times) => "𝔸".repeat(times)),
  fc.integer({ min: 1, max: 60 }).map((times) =>
    Array.from({ length: times }, (_, index) => ({
      Id: `r-${index}`,
      id: `r-${index}`,
      key: `k${index}`,
      value: "v",
      uid: `u-${index}`,
    })),
  ),
);

describe("normalize, whatever comes", () => {
  it("answers any JSON value with a bounded finding or NotAFinding", () => fc.assert(fc.property(fc.jsonValue(), check), { numRuns: 300 }));

  it("answers a real event with anything at any place with a bounded finding or NotAFinding", () => {
    const changed = fc.constantFrom(...FIXTURES).chain((name) =>
      fc.tuple(
        fc.constant(name),
        fc.array(fc.tuple(fc.constantFrom(...(PATHS.get(name) ?? [])), fc.option(hostile, { nil: undefined })), {
          minLength: 1,
          maxLength: 4,
        }),
      ),
    );
    fc.assert(
      fc.property(changed, ([name, changes]) => {
        const event = fixture(name);
        for (const [path, value] of changes) {
          const parent = path
            .slice(0, -1)
            .reduce<unknown>(
              (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Record<string | number, unknown>)[key] : undefined),
              event,
            );
          if (typeof parent !== "object" || parent === null) continue;
          const last = path.at(-1) ?? "";
          if (value === undefined && !Array.isArray(parent)) delete (parent as Record<string | number, unknown>)[last];
          else (parent as Record<string | number, unknown>)[last] = value ?? null;
        }
        check(event);
      }),
      { numRuns: 1500 },
    );
  });

  for (const name of FIXTURES) {
    it(`answers ${name} with each one of its fields missing`, () => {
      for (const path of PATHS.get(name) ?? []) check(fixture(name, [path, undefined]));
    });
  }

  it("makes a small finding of one of 240 KB, in bounded time", () => {
    const big = "<b>👾\u202E</b>\n".repeat(20_000);
    const event = fixture("control-open-port", [["detail", "findings", 0, "Title"], big], [["detail", "findings", 0, "Description"], big]);
    const finding = normalize(event).finding;
    assertBounded(finding);
    assert.ok(finding.title.startsWith("<b>👾\u202E</b>"), "hostile text stays text");
    assert.ok(finding.title.endsWith("…"));
    assert.ok(JSON.stringify(finding).length < 10_000);
  });
});
