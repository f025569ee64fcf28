import assert from "node:assert/strict";
import { test } from "node:test";
import type { SuggestionRequest } from "../../oracle/contract/suggestion.js";
import { designSpace } from "../../space/design-space.js";
import { lossesOf, sampleOf, thin } from "./observed-losses.js";

test("converts scores of any magnitude to losses in units of the median", () => {
  for (const unit of [1e-320, 1e-300, 1, 1e300]) {
    const { losses } = lossesOf([1 * unit, 2 * unit, 3 * unit]);
    // The smallest unit has 11 bits of precision.
    [2, 1, 0].forEach((expected, i) => {
      assert.ok(Math.abs((losses[i] as number) - expected) < 1e-3, `${losses[i]} at scale ${unit}`);
    });
  }
  assert.deepEqual([...lossesOf([-1.7e308, 1.7e308]).losses], [1, 0], "a difference that overflows");
});

test("uses the median of the positive distances if most scores are the best", () => {
  assert.deepEqual([...lossesOf([5, 5, 5, 5, 3, 1, -1]).losses], [0, 0, 0, 0, 0.5, 1, 1.5]);
});

test("the ninth decile as unit does not depend on rounding errors at the bound of an outcome", () => {
  const atBound = Array.from({ length: 16 }, (_, i) => -i * 1e-17);
  const others = [-0.5, -1, -1.5, -2];
  const { losses } = lossesOf([...atBound, ...others], "decile");
  [1 / 3, 2 / 3, 1, 4 / 3].forEach((expected, i) => {
    assert.ok(Math.abs((losses[16 + i] as number) - expected) < 1e-12, `${losses[16 + i]}`);
  });
  assert.deepEqual([...lossesOf([1, 1, 1], "decile").losses], [0, 0, 0]);
});

test("keeps the precision of ordinary losses beside one huge loss", () => {
  const ordinary = [0.31, 0.3, 0.7, 0.123456789, 0.5, 0.4];
  const losses = (scores: readonly number[]) => [...lossesOf(scores).losses];
  for (const worst of [-1e300, -1.7e308, -1e12]) {
    const [first, ...others] = losses([worst, ...ordinary]);
    const unit = 0.7 - 0.31;
    assert.equal(first, 1e4, "as bad as can be");
    others.forEach((loss, i) => {
      // The rounding of a difference and of a quotient of numbers below 1.
      assert.ok(Math.abs(loss * unit - (0.7 - (ordinary[i] as number))) < 1e-15, `${loss} beside ${worst}`);
    });
  }
  assert.deepEqual(
    losses([-1e300, -1e-300, -2e-300, -4e-300]),
    [1e4, 0, 1, 3].map((x, i) => (i < 2 ? x : x / 3)),
  );
});

test("gives zero losses to equal scores", () => {
  for (const value of [0, 0.1, -1e300, 5e-324]) {
    assert.deepEqual([...lossesOf([value, value, value]).losses], [0, 0, 0], `${value}`);
  }
});

test("negates objectives under minimize", () => {
  const request = requestWith([3, 1, 2], "minimize");
  const { losses, points } = sampleOf(request, designSpace(request.space));
  assert.equal(points.count, 3);
  assert.deepEqual([...losses].map(Math.round), [2, 0, 1]);
});

test("keeps the best and the latest of very many observations, and an even choice of the others", () => {
  const objectives = Array.from({ length: 4000 }, (_, i) => (i === 5 ? 1e6 : i % 7));
  const request = requestWith(objectives, "maximize");
  const { losses, points } = sampleOf(request, designSpace(request.space));
  assert.equal(points.count, 1000);
  assert.ok(losses.includes(0), "the best is kept, long ago as it was");
  assert.equal(points.coordinates[999], 3999 / 4000);
  const latest = points.coordinates.filter((x) => x >= 3800 / 4000);
  assert.equal(latest.length, 200);
  const [early, late] = [
    points.coordinates.filter((x) => x < 0.3),
    points.coordinates.filter((x) => x > 0.3 && x < 0.6),
  ];
  assert.ok(Math.abs(early.length - late.length) < early.length / 2, `${early.length} and ${late.length}`);
});

test("thins a sample to its best and an even choice of the others, and keeps a small one", () => {
  const request = requestWith([1, 2, 9, 4, 5, 6, 7, 8], "maximize");
  const sample = sampleOf(request, designSpace(request.space));
  assert.deepEqual(thin(sample, 8), sample);
  const { points, losses } = thin(sample, 4);
  assert.deepEqual(
    [...points.coordinates],
    [0, 2, 4, 7].map((i) => i / 8),
  );
  assert.deepEqual(
    [...losses],
    [0, 2, 4, 7].map((i) => sample.losses[i]),
  );
});

function requestWith(objectives: readonly number[], goal: SuggestionRequest["goal"]): SuggestionRequest {
  return {
    space: { x: { type: "double", min: 0, max: 1, scale: "linear" } },
    goal,
    completed: objectives.map((objective, i) => ({ values: { x: i / objectives.length }, objective })),
    pending: [],
    infeasible: [],
    trialNumber: objectives.length,
    seed: 1,
  };
}
