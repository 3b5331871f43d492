import assert from "node:assert/strict";
import { readPattern } from "../../../sandbox/runtime/metric-pattern";

const line = { eventName: "CreateSecurityGroup", n: 7, none: null, yes: true, user: { name: "a b" }, list: [{ id: "x" }] };
const MATCHING = [
  "{ $.eventName = CreateSecurityGroup }",
  '{($.eventName="DeleteSecurityGroup")||($.eventName="CreateSecurityGroup")}',
  "{ ($.eventName = Create*) && ($.n >= 7) }",
  '{ $.user.name = "a b" }',
  "{ $.list[0].id = x }",
  "{ $.eventName != DeleteSecurityGroup }",
  "{ $.other NOT EXISTS }",
  "{ $.none IS NULL }",
  "{ $.yes IS TRUE }",
  "{ ($.n = 7) && (($.n < 3) || ($.n > 5)) }",
];
const NOT_MATCHING = [
  "{ $.eventName = Create }",
  "{ ($.eventName = A) || ($.eventName = B) }",
  "{ ($.eventName = Create*) && ($.n > 7) }",
  "{ $.other != x }",
  "{ $.eventName NOT EXISTS }",
  "{ $.yes IS FALSE }",
];

describe("a metric filter's pattern", () => {
  for (const pattern of MATCHING) it(`matches: ${pattern}`, () => assert.equal(readPattern(pattern)(line), true));
  for (const pattern of NOT_MATCHING) it(`does not match: ${pattern}`, () => assert.equal(readPattern(pattern)(line), false));
  for (const pattern of ["ERROR", "[ip, user]", "{ $.a = }", "{ ($.a = 1 }", "{ $.a = 1 $.b = 2 }", "{ x = 1 }"])
    it(`cannot be evaluated: ${pattern}`, () => assert.throws(() => readPattern(pattern), SyntaxError));
});
