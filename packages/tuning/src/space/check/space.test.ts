import assert from "node:assert/strict";
import { test } from "node:test";
import { formatPath } from "../../validation/problems.js";
import type { SearchSpace } from "../parameter.js";
import { spaceFindings } from "./space.js";

const UNIT = { type: "double", min: 0, max: 1, scale: "linear" } as const;
const KIND = { type: "categorical", values: ["sgd", "adam"] } as const;

const CASES: readonly [what: string, space: SearchSpace, constraints: string[], path: string, expected: RegExp][] = [
  [
    "an unknown parent",
    { kind: KIND, a: { ...UNIT, when: { kinds: ["sgd"] } } },
    [],
    "parameters.a.when.kinds",
    /mean kind/,
  ],
  [
    "a value the parent never has",
    { kind: KIND, a: { ...UNIT, when: { kind: ["sgd", "sdg"] } } },
    [],
    "parameters.a.when.kind[1]",
    /"sgd", "adam"/,
  ],
  ["a continuous parent", { b: UNIT, a: { ...UNIT, when: { b: [0.5] } } }, [], "parameters.a.when.b", /steps/],
  [
    "a cycle",
    {
      a: { type: "boolean", when: { b: [true] } },
      b: { type: "boolean", when: { c: [true] } },
      c: { type: "boolean", when: { a: [true] } },
    },
    [],
    "parameters.a.when",
    /a needs b needs c needs a/,
  ],
  [
    "a parameter that needs itself",
    { a: { type: "boolean", when: { a: [true] } } },
    [],
    "parameters.a.when",
    /a needs a/,
  ],
  ["no comparison", { a: UNIT }, ["a + 1"], "constraints[0]", /comparison/],
  ["an unknown name", { alpha: UNIT }, ["alpha <= 1", "alhpa <= 1"], "constraints[1]", /mean alpha/],
  ["a text in a sum", { a: UNIT, kind: KIND }, ["a + kind <= 1"], "constraints[0]", /numeric/],
  ["a constraint beyond the ranges", { a: UNIT, b: UNIT }, ["a + b >= 2.5"], "constraints[0]", /fulfil/],
  ["constraints that exclude each other", { a: UNIT, b: UNIT }, ["a + b <= 0.5", "a >= 0.6"], "constraints", /fulfil/],
  [
    "a circle of less than",
    { a: UNIT, b: UNIT, c: UNIT },
    ["a + 0.1 <= b", "b <= c", "c <= a"],
    "constraints",
    /fulfil/,
  ],
  [
    "a small space without a point",
    {
      a: { type: "integer", min: 0, max: 9, scale: "linear", step: 1 },
      b: { type: "integer", min: 0, max: 9, scale: "linear", step: 1 },
    },
    ["2*a + 2*b <= 7", "2*a + 2*b >= 7"],
    "constraints",
    /fulfil/,
  ],
];

for (const [what, space, constraints, path, expected] of CASES) {
  test(`reports ${what} once, at its path`, () => {
    const findings = spaceFindings({ space, names: Object.keys(space), constraints });
    assert.deepEqual(
      findings.map((finding) => formatPath(finding.path)),
      [path],
    );
    assert.match(findings[0]?.expected ?? "", expected);
  });
}

test("accepts valid conditions and constraints", () => {
  const space: SearchSpace = {
    b: { type: "integer", min: 1, max: 9, scale: "linear", step: 1, when: { kind: ["adam"], on: [true] } },
    kind: KIND,
    on: { type: "boolean" },
    a: UNIT,
  };
  assert.deepEqual(
    spaceFindings({ space, names: Object.keys(space), constraints: ["a + b <= 0.5", "0 <= a <= 1"] }),
    [],
  );
});

test("accepts a small space of which the constraints leave two points, wherever they lie", () => {
  const space: SearchSpace = {
    x: { type: "integer", min: 0, max: 299, scale: "linear", step: 1 },
    y: { type: "integer", min: 0, max: 2, scale: "linear", step: 2 },
  };
  for (let distance = 100; distance < 150; distance++) {
    const constraints = [`1 <= x - ${distance}*y <= 1`];
    assert.deepEqual(spaceFindings({ space, names: ["x", "y"], constraints }), [], constraints[0]);
  }
});

test("skips checks that depend on an invalid parameter", () => {
  const space = { a: { ...UNIT, when: { wrong: ["x"] } } };
  assert.deepEqual(spaceFindings({ space, names: ["a", "wrong"], constraints: ["a <= wrong"] }), []);
});
