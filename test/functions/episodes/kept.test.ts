import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { findingIn, keptOf } from "../../../functions/episodes/kept";
import type { Finding } from "../../../functions/finding";
import { LONGEST, MOST } from "../../../functions/normalize/bounds";
import { aGuardDutyFinding, aResource } from "../../support/findings";
import { FIXTURES, findingOf } from "../normalize/support";

const MOST_BYTES = 6_144;

/** As it comes out of JSON: nothing in it is undefined. */
const plain = (finding: Finding): Finding => JSON.parse(JSON.stringify(finding));

let salt = 0;
/** Text that compression makes hardly shorter. */
const noise = (length: number): string =>
  createHash("shake256", { outputLength: length }).update(String(salt++)).digest("base64").slice(0, length);

const largest = (resources: number, tags: number): Finding =>
  aGuardDutyFinding({
    description: noise(LONGEST.description),
    facts: Array.from({ length: MOST.facts }, (_, index) => ({ label: `fact ${index}`, value: noise(LONGEST.fact) })),
    resources: Array.from({ length: resources }, (_, index) =>
      aResource({
        id: `arn:${index}`,
        tags: Object.fromEntries(Array.from({ length: tags }, (_, tag) => [`tag-${tag}`, tag === 0 ? "test" : noise(LONGEST.tag)])),
      }),
    ),
  });

describe("a finding that is kept until it is told", () => {
  for (const name of FIXTURES) {
    it(`takes at most a write unit and a half, and loses nothing: ${name}`, () => {
      const finding = plain(findingOf(name));
      const kept = keptOf(finding) ?? assert.fail();
      assert.ok(kept.length <= 1_536, `${kept.length} bytes`);
      assert.deepEqual(findingIn(kept), finding);
    });
  }

  it("never takes more than a few units, whatever somebody wrote into it, and still says what it is", () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MOST.resources }), fc.integer({ min: 0, max: MOST.tags }), (resources, tags) => {
        const finding = largest(resources, tags);
        const kept = keptOf(finding) ?? assert.fail();
        assert.ok(kept.length <= MOST_BYTES, `${kept.length} bytes`);
        const { title, id, severity, facts, remediation } = findingIn(kept) ?? assert.fail();
        assert.deepEqual([title, id, severity, remediation], [finding.title, finding.id, finding.severity, finding.remediation]);
        assert.equal(facts[0]?.label, "fact 0");
      }),
      { numRuns: 40 },
    ));

  it("goes without long texts first, and keeps the tags that mutes and routes go by", () => {
    const kept = findingIn(keptOf(largest(3, 4))) ?? assert.fail();
    assert.deepEqual(
      kept.resources.map(({ tags }) => tags["tag-0"]),
      ["test", "test", "test"],
    );
    assert.match(kept.description, /…$/);
  });

  it("is left out where nothing makes it small enough", () => {
    const endless = Array.from({ length: 3 }, (_, index) => aResource({ id: `${index}${noise(4_096)}` }));
    assert.equal(keptOf(aGuardDutyFinding({ resources: endless })), undefined);
  });

  it("is no finding where the record says something else", () => {
    for (const other of [undefined, "telling", 7, Buffer.from("no gzip")]) assert.equal(findingIn(other), undefined);
  });
});
