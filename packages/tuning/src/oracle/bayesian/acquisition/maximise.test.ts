import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../../random/random.js";
import { designSpace } from "../../../space/design-space.js";
import type { SearchSpace } from "../../../space/parameter.js";
import type { Acquisition } from "./acquisition.js";
import { maximise } from "./maximise.js";

const SPACE: SearchSpace = {
  x: { type: "double", min: 0, max: 1, scale: "linear" },
  y: { type: "double", min: 0, max: 1, scale: "linear" },
  units: { type: "integer", min: 0, max: 99, scale: "linear", step: 1 },
  layers: { type: "integer", min: 1, max: 4, scale: "linear", step: 1 },
  // With this many categories, no candidate near the maximum has both right by chance.
  kind: { type: "categorical", values: [..."abcdefghijklmnopqrst"] },
  other: { type: "categorical", values: [..."abcdefghijklmnopqrst"] },
};

/** A hill over all dimensions with its top at the given point; the last two are nominal. */
function hillAt(top: Float64Array): Acquisition {
  const value = (point: Float64Array) =>
    -point.reduce((sum, x, i) => sum + (i < 4 ? 20 * (x - (top[i] as number)) ** 2 : x === top[i] ? 0 : 1), 0);
  return {
    value,
    values: (points) => Float64Array.from(points, value),
    evaluate: (point) => ({
      value: value(point),
      gradient: () => point.map((x, i) => (i < 4 ? -40 * (x - (top[i] as number)) : 0)),
    }),
  };
}

test("finds the maximum over continuous, integer and categorical dimensions", () => {
  const { dimensions, encode, decode, settle } = designSpace(SPACE);
  const top = encode({ x: 0.123456, y: 1, units: 37, layers: 3, kind: "b", other: "s" });
  const ranked = maximise({ dimensions, acquisition: hillAt(top), anchors: [], random: createRandom(1), settle });
  const best = decode(ranked[0]?.point as Float64Array);
  assert.ok(Math.abs((best["x"] as number) - 0.123456) < 1e-4);
  assert.ok(Math.abs((best["y"] as number) - 1) < 1e-4);
  assert.deepEqual([best["units"], best["layers"], best["kind"], best["other"]], [37, 3, "b", "s"]);
});

test("ranks settled points, best first", () => {
  const { dimensions, encode, settle } = designSpace(SPACE);
  const top = encode({ x: 0.5, y: 0.5, units: 10, layers: 1, kind: "a", other: "a" });
  const ranked = maximise({ dimensions, acquisition: hillAt(top), anchors: [top], random: createRandom(2), settle });
  assert.ok(ranked.length > 500);
  ranked.forEach(({ point, value }, i) => {
    assert.deepEqual(
      point.map((x, k) => dimensions[k]?.snap(x) as number),
      point,
      `point ${i}`,
    );
    assert.ok(i === 0 || value <= (ranked[i - 1]?.value as number), `point ${i}`);
  });
});

test("over a rugged function, finds a hill that differs from an anchor in one coordinate only", () => {
  const space: SearchSpace = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [`x${i}`, { type: "double", min: 0, max: 1, scale: "linear" }]),
  );
  const { dimensions, settle } = designSpace(space);
  const anchor = new Float64Array(8).fill(0.03);
  const low = hill(anchor, 1);
  // Along the way from the anchor to the higher hill, the function is flat.
  const high = hill(anchor.with(5, 1), 2);
  const acquisition: Acquisition = {
    value: (point) => low.value(point) + high.value(point),
    values: (points) => Float64Array.from(points, (point) => low.value(point) + high.value(point)),
    evaluate: (point) => ({
      value: low.value(point) + high.value(point),
      gradient() {
        const other = high.evaluate(point).gradient();
        return low
          .evaluate(point)
          .gradient()
          .map((slope, i) => slope + (other[i] as number));
      },
    }),
  };
  const anchors = Array.from({ length: 16 }, () => anchor);
  const best = (isRugged: boolean) =>
    maximise({ dimensions, acquisition, anchors, random: createRandom(3), settle, isRugged })[0]?.value ?? 0;
  assert.ok(best(false) < 1.1, "the anchor's own hill");
  assert.ok(best(true) > 1.9, "the higher hill");
});

/** A narrow hill of a given height. */
function hill(top: Float64Array, height: number): Acquisition {
  const value = (point: Float64Array) =>
    height * Math.exp(-200 * point.reduce((sum, x, i) => sum + (x - (top[i] as number)) ** 2, 0));
  return {
    value,
    values: (points) => Float64Array.from(points, value),
    evaluate: (point) => ({
      value: value(point),
      gradient: () => point.map((x, i) => -400 * value(point) * (x - (top[i] as number))),
    }),
  };
}
