import assert from "node:assert/strict";
import { test } from "node:test";
import { isAllowed, type LinearConstraint } from "./linear-constraint.js";
import { parseConstraint } from "./parse.js";

function parsed(text: string): readonly LinearConstraint[] {
  const result = parseConstraint(text);
  assert.ok(result.ok, text);
  return result.constraints;
}

test("parses sums, products, signs and every comparison", () => {
  const cases: [string, LinearConstraint][] = [
    ["a <= b", { terms: { a: 1, b: -1 }, limit: 0, isStrict: false }],
    ["a + 2*b <= 10", { terms: { a: 1, b: 2 }, limit: 10, isStrict: false }],
    ["a>b", { terms: { b: 1, a: -1 }, limit: 0, isStrict: true }],
    ["10 >= x_1 * 2 * 3 - 4", { terms: { x_1: 6 }, limit: 14, isStrict: false }],
    ["-a + 1e-1 < .5 * b - 2.5", { terms: { a: -1, b: -0.5 }, limit: -2.6, isStrict: true }],
    ["a - a + b <= 1", { terms: { b: 1 }, limit: 1, isStrict: false }],
    ["constructor <= toString", { terms: { constructor: 1, toString: -1 }, limit: 0, isStrict: false }],
  ];
  for (const [text, constraint] of cases) assert.deepEqual(parsed(text), [constraint], text);
});

test("parses a chain of comparisons into one constraint per comparison", () => {
  const chain = parsed("0 < b - a <= 5 <= c");
  assert.equal(chain.length, 3);
  assert.ok(isAllowed(chain, { a: 1, b: 6, c: 5 }));
  for (const values of [
    { a: 1, b: 1, c: 5 },
    { a: 1, b: 7, c: 5 },
    { a: 1, b: 2, c: 4 },
  ]) {
    assert.ok(!isAllowed(chain, values));
  }
});

test("refuses texts that are no linear comparison of parameters", () => {
  const texts = [
    "",
    "a",
    "a b <= 1",
    "a <=",
    "<= a",
    "a * b <= 1",
    "a ** 2 <= 1",
    "a / 2 <= 1",
    "2a <= 1",
    "a == 1",
    "a + <= 1",
    "a <= (b)",
    "1 <= 2",
    "a - a <= 1",
    "a <= 1e999",
    "a - - b <= 1",
  ];
  for (const text of texts) assert.ok(!parseConstraint(text).ok, text);
});

test("holds if one of its parameters is inactive", () => {
  assert.ok(isAllowed(parsed("a <= b"), { a: 5 }));
  assert.ok(!isAllowed(parsed("a <= b"), { a: 5, b: 4 }));
});
