import assert from "node:assert/strict";
import fc from "fast-check";
import { firstDate, isoDate, readableDate } from "../../../functions/normalize/dates";

const READ: readonly (readonly [unknown, string | undefined])[] = [
  ["2026-03-01T09:00:00Z", "2026-03-01T09:00:00.000Z"],
  ["2026-03-01T09:00:00.123456789Z", "2026-03-01T09:00:00.123Z"],
  ["2026-03-01T09:00:00.1Z", "2026-03-01T09:00:00.100Z"],
  ["2026-03-01T11:00:00+02:00", "2026-03-01T09:00:00.000Z"],
  ["2026-03-01T04:30:00-0430", "2026-03-01T09:00:00.000Z"],
  ["2026-03-01T09:00:00", "2026-03-01T09:00:00.000Z"],
  ["2026-03-01 09:00:00.000000000", "2026-03-01T09:00:00.000Z"],
  ["2026-03-01", "2026-03-01T00:00:00.000Z"],
  ["Jun 4, 2023, 8:18:32 PM", "2023-06-04T20:18:32.000Z"],
  ["Jun 4, 2023, 8:18:32\u202FPM", "2023-06-04T20:18:32.000Z"],
  ["Jan 19, 2023, 12:05:00 AM", "2023-01-19T00:05:00.000Z"],
  ["Jan 19, 2023, 12:05:00 PM", "2023-01-19T12:05:00.000Z"],
  ["Wed Sep 04 16:59:44.356 UTC 2024", "2024-09-04T16:59:44.356Z"],
  ["Wed Sep 04 16:59:44 UTC 2024", "2024-09-04T16:59:44.000Z"],
  [1_758_273_439_594, "2025-09-19T09:17:19.594Z"],
  [1_758_273_439, "2025-09-19T09:17:19.000Z"],
  ["2026-02-30T00:00:00Z", undefined],
  ["2026-13-01", undefined],
  ["Foo 4, 2023, 8:18:32 PM", undefined],
  ["Jun 4, 2023, 13:18:32 PM", undefined],
  ["yesterday", undefined],
  ["", undefined],
  [0, undefined],
  [Number.NaN, undefined],
  [1e20, undefined],
  [null, undefined],
  [{}, undefined],
];

describe("dates", () => {
  for (const zone of ["UTC", "America/Los_Angeles", "Asia/Kolkata"]) {
    describe(`on a machine in ${zone}`, () => {
      const before = process.env.TZ;
      before_(zone, before);
      for (const [given, expected] of READ) {
        it(`reads ${JSON.stringify(given)} as ${expected ?? "no date"}`, () => assert.equal(isoDate(given), expected));
      }
    });
  }

  it("come back as they were written", () =>
    fc.assert(
      fc.property(fc.date({ min: new Date(1), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true }), (date) => {
        assert.equal(isoDate(date.toISOString()), date.toISOString());
      }),
    ));

  it("are the first that can be read", () =>
    assert.equal(firstDate(undefined, "soon", "2026-03-01", "2027-01-01"), "2026-03-01T00:00:00.000Z"));

  it("are shown to people in UTC", () => assert.equal(readableDate("2026-03-01T08:41:12.318Z"), "2026-03-01 08:41:12 UTC"));
});

function before_(zone: string, former: string | undefined): void {
  before(() => {
    process.env.TZ = zone;
  });
  after(() => {
    if (former === undefined) delete process.env.TZ;
    else process.env.TZ = former;
  });
}
