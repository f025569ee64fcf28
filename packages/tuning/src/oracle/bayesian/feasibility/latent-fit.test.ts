import assert from "node:assert/strict";
import { test } from "node:test";
import { labelled } from "./labelled-points.fixture.js";
import { fitLatent, negativeLogPosterior } from "./latent-fit.js";

const at = (x: number, y: number) => Float64Array.of(x, y);
const PRIOR = { median: 1, spread: 1, min: 0.01, max: 1e4 };
const POINTS = labelled([at(0.1, 0.2), at(0.3, 0.8), at(0.4, 0.4), at(0.55, 0.5)], [at(0.8, 0.3), at(0.9, 0.7)]);

test("has the gradient of finite differences", () => {
  const evaluate = negativeLogPosterior(POINTS, [PRIOR, PRIOR, { ...PRIOR, median: 10 }]);
  for (const place of [
    [0, 0, 1],
    [-1, 0.5, 3],
  ]) {
    const logarithms = Float64Array.from(place);
    const gradient = evaluate(logarithms).gradient();
    for (const i of [0, 1, 2]) {
      const shifted = (step: number) => evaluate(logarithms.with(i, (place[i] as number) + step)).value;
      const numeric = (shifted(1e-3) - shifted(-1e-3)) / 2e-3;
      // Expectation propagation ends before its fixed point, where the derivative would be exact.
      assert.ok(Math.abs(numeric - (gradient[i] as number)) < 2e-3 * Math.max(1, Math.abs(numeric)), `by ${i}`);
    }
  }
});

test("gives a parameter that does not matter the longest length scale", () => {
  const lattice = Array.from({ length: 40 }, (_, i) => at((0.5 + i * 0.7549) % 1, (0.5 + i * 0.5698) % 1));
  const { lengthScales } = fitLatent(
    labelled(
      lattice.filter(([x = 0]) => x < 0.6),
      lattice.filter(([x = 0]) => x >= 0.6),
    ),
    { median: 200, spread: 1, min: 100, max: 1e4 },
  );
  assert.ok((lengthScales[1] as number) > 2 * (lengthScales[0] as number), lengthScales.join());
});
