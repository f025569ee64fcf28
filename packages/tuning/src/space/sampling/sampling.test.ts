import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../random/random.js";
import { checkValues } from "../check/values.js";
import { constraintsOf } from "../constraint/parse.js";
import { isInRegion, type Region } from "../constraint/region.js";
import type { SearchSpace } from "../parameter.js";
import { narrowPoint } from "./narrow-sampling.js";
import { sampleRegion, sampleValues } from "./sampling.js";

const UNIT = { type: "double", min: 0, max: 1, scale: "linear" } as const;
const UNITS = { type: "integer", min: 1, max: 1000, scale: "log", step: 1 } as const;

/** Regions that a uniform draw hits often, rarely and never. */
const REGIONS: Readonly<Record<string, Region>> = {
  pair: region({ min_units: UNITS, max_units: UNITS }, "min_units <= max_units"),
  sliver: region({ a: UNIT, b: UNIT, c: UNIT }, "a + b + c <= 0.001"),
  line: region({ a: UNIT, b: UNIT, kind: { type: "categorical", values: ["x", "y"] } }, "a <= b", "b <= a"),
  sum: region({ a: UNITS, b: UNITS, c: UNITS }, "1500 <= a + b + c <= 1500"),
  needle: region(
    {
      a: { type: "integer", min: 0, max: 1_000_000, scale: "linear", step: 1 },
      b: { type: "double", min: 0, max: 1000, scale: "linear", step: 0.001 },
    },
    "777777 <= a <= 777778",
    "a - 777777 <= b <= 0.002 + a - 777777",
  ),
  steps: region(
    { a: { ...UNIT, step: 0.125 }, b: { ...UNIT, step: 0.125 }, n: { type: "categorical", values: [1, 2, 3] } },
    "a + b + n >= 5",
  ),
  conditional: region(
    { deep: { type: "boolean" }, a: UNIT, b: { ...UNIT, when: { deep: [true] } } },
    "a + b <= 0.0001",
    "a >= 0.00005",
  ),
};

for (const [name, { space, constraints }] of Object.entries(REGIONS)) {
  const inside = { space, constraints: constraints ?? [] };

  test(`draws values that fulfil the constraints: ${name}`, () => {
    for (let seed = 0; seed < 30; seed++) {
      const values = sampleRegion(inside, createRandom(seed));
      assert.ok(values !== undefined && isInRegion(inside, values), `seed ${seed}`);
      assert.ok(checkValues(space, values).ok, `seed ${seed}`);
    }
  });
}

test("draws from a narrow region with the means of a uniform distribution", () => {
  // On the triangle a <= b, the means of a and b are 1/3 and 2/3; both standard deviations are
  // 1/sqrt(18) = 0.236.
  const triangle = region({ a: UNIT, b: UNIT }, "a <= b");
  const random = createRandom(3);
  const points = Array.from({ length: 1000 }, () => narrowPoint(triangle, random));
  const mean = (name: string) => points.reduce((sum, values) => sum + (values?.[name] as number), 0) / points.length;
  const tolerance = (4 * 0.236) / Math.sqrt(1000);
  assert.ok(Math.abs(mean("a") - 1 / 3) < tolerance, `${mean("a")}`);
  assert.ok(Math.abs(mean("b") - 2 / 3) < tolerance, `${mean("b")}`);
});

test("returns undefined for an empty region", () => {
  assert.equal(sampleRegion(region({ a: UNIT, b: UNIT }, "a < b", "b < a"), createRandom(1)), undefined);
});

test("leaves out inactive parameters, in any order of parents and children", () => {
  const chain: SearchSpace = {
    c: { type: "boolean", when: { b: [true] } },
    b: { type: "boolean", when: { a: [true] } },
    a: { type: "boolean" },
  };
  const seen = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const values = sampleValues(chain, createRandom(seed));
    assert.ok(checkValues(chain, values).ok);
    seen.add(JSON.stringify(values));
  }
  assert.deepEqual(
    [...seen].sort(),
    ['{"a":false}', '{"b":false,"a":true}', '{"c":false,"b":true,"a":true}', '{"c":true,"b":true,"a":true}'].sort(),
  );
});

test("keeps every ordered pair in order, for all ranges", () => {
  const holds = (low: number, width: number, seed: number) => {
    const range = { type: "double", min: low, max: low + width, scale: "linear" } as const;
    const pair = region({ a: range, b: { ...range, min: low + width / 2 }, c: range }, "a <= b", "b <= c");
    const values = sampleRegion(pair, createRandom(seed));
    assert.ok(values !== undefined && (values["a"] as number) <= (values["b"] as number));
    assert.ok((values["b"] as number) <= (values["c"] as number));
  };
  const size = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(fc.property(size, fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.nat(), holds), {
    numRuns: 300,
    seed: 12,
  });
});

function region(space: SearchSpace, ...constraints: readonly string[]): Region {
  return { space, constraints: constraintsOf(constraints) };
}
