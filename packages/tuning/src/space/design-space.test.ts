import assert from "node:assert/strict";
import { test } from "node:test";
import { designSpace } from "./design-space.js";
import type { SearchSpace } from "./parameter.js";

const SPACE: SearchSpace = {
  rate: { type: "double", min: 1e-4, max: 1, scale: "log" },
  fixed: { type: "double", min: 0.3, max: 0.3, scale: "linear" },
  kind: { type: "categorical", values: ["a", "b", "c"] },
  only: { type: "categorical", values: ["z"] },
  units: { type: "integer", min: 16, max: 1024, scale: "log", step: 16 },
};

test("has a dimension for every parameter with more than one value and decodes all values", () => {
  const { dimensions, encode, decode } = designSpace(SPACE);
  assert.deepEqual(
    dimensions.map(({ isNominal, isSmooth }) => [isNominal, isSmooth]),
    [
      [false, true],
      [true, false],
      [false, true],
    ],
  );
  const values = { rate: 1e-4, fixed: 0.3, kind: "c", only: "z", units: 48 };
  assert.deepEqual(decode(encode(values)), values);
});

test("marks the parameters that may be inactive", () => {
  const momentum = { type: "double", min: 0, max: 1, scale: "linear", when: { kind: ["a"] } } as const;
  const { names, dimensions } = designSpace({ ...SPACE, momentum });
  const conditional = names.filter((_, i) => dimensions[i]?.isConditional);
  assert.deepEqual(conditional, ["momentum"]);
});

test("offers every other category, and the neighbours of an integer with many values", () => {
  const { dimensions, encode, decode } = designSpace(SPACE);
  const point = encode({ rate: 0.01, fixed: 0.3, kind: "b", only: "z", units: 16 });
  const others = (i: number, name: string) =>
    dimensions[i]?.alternatives(point[i] as number).map((x) => decode(point.with(i, x))[name]);
  assert.deepEqual(others(0, "rate"), []);
  assert.deepEqual(others(1, "kind"), ["a", "c"]);
  assert.deepEqual(others(2, "units"), [32]);
});
