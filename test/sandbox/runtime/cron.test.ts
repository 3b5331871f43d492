import assert from "node:assert/strict";
import fc from "fast-check";
import { cron } from "../../../sandbox/runtime/cron";
import { scheduleExpression } from "../../../sandbox/runtime/schedule-expression";

const AFTER = Date.parse("2026-03-01T09:00:00Z");
const iso = (time: number | undefined): string | undefined => (time === undefined ? undefined : new Date(time).toISOString().slice(0, 16));

describe("cron expressions of AWS", () => {
  const cases: [fields: string, first: string | undefined, zone?: string][] = [
    ["0 6 * * ? *", "2026-03-02T06:00"],
    ["0/15 * * * ? *", "2026-03-01T09:15"],
    ["5,35 14 * * ? *", "2026-03-01T14:05"],
    ["0 18 ? * MON-FRI *", "2026-03-02T18:00"],
    ["0 8 1 * ? *", "2026-04-01T08:00"],
    ["0 10 L * ? *", "2026-03-31T10:00"],
    ["0 10 1W * ? *", "2026-03-02T10:00"],
    ["0 10 LW 5 ? *", "2026-05-29T10:00"],
    ["0 9 ? * 2#1 *", "2026-03-02T09:00"],
    ["0 9 ? * FRI#5 *", "2026-05-29T09:00"],
    ["0 9 ? * 6L *", "2026-03-27T09:00"],
    ["0 0 29 2 ? *", "2028-02-29T00:00"],
    ["30 2 * * ? *", "2026-03-02T01:30", "Europe/Berlin"],
    ["30 2 29 3 ? 2026", undefined, "Europe/Berlin"],
    ["0 0 1 JAN ? 2020", undefined],
  ];
  for (const [fields, first, zone] of cases) {
    it(`cron(${fields}) ${zone ?? "UTC"} fires first at ${first ?? "no time"}`, () => {
      assert.equal(iso(cron(fields, zone)(AFTER)), first);
    });
  }

  it("fire strictly later than asked, at minutes that fit", () => {
    fc.assert(
      fc.property(fc.integer({ min: AFTER, max: AFTER + 4e11 }), fc.integer({ min: 0, max: 59 }), (after, minute) => {
        const next = cron(`${minute} * * * ? *`)(after);
        assert.ok(next !== undefined && next > after && next <= after + 3_600_000);
        assert.equal(new Date(next).getUTCMinutes(), minute);
      }),
    );
  });

  it("are refused when AWS would refuse them", () => {
    for (const fields of ["0 6 * * *", "0 6 * * * *", "0 6 ? * ? *", "60 6 * * ? *", "0 6 * XXX ? *"]) {
      assert.throws(() => cron(fields), /AWS cron expression/, fields);
    }
  });
});

describe("rate and at expressions", () => {
  it("fire first one period after the beginning, then with each period", () => {
    const next = scheduleExpression("rate(6 hours)", AFTER);
    assert.equal(iso(next(AFTER)), "2026-03-01T15:00");
    assert.equal(iso(next(Date.parse("2026-03-01T15:00:00Z"))), "2026-03-01T21:00");
    assert.equal(iso(scheduleExpression("rate(1 day)", AFTER)(AFTER + 1)), "2026-03-02T09:00");
  });

  it("fire once at their time", () => {
    const next = scheduleExpression("at(2026-03-05T10:00:00)", AFTER);
    assert.equal(iso(next(AFTER)), "2026-03-05T10:00");
    assert.equal(next(Date.parse("2026-03-05T10:00:00Z")), undefined);
  });

  it("are refused when they are none", () => {
    for (const expression of ["rate(0 hours)", "rate(1 week)", "every day", "cron(0 6)"]) {
      assert.throws(() => scheduleExpression(expression, AFTER), expression);
    }
  });
});
