import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random/random.js";
import { correlatePairs } from "./batched-correlations.js";
import { correlation, correlationSlope } from "./matern.js";
import { pointSet } from "./model.js";
import { conditionOn } from "./posterior.js";

test("returns the correlations of matern.ts to the bit, for numbers of pairs that fill no whole vector too", () => {
  const random = createRandom(1);
  for (const [d, count] of [
    [1, 1],
    [2, 6],
    [5, 7],
    [3, 0],
  ] as const) {
    const differences = Float64Array.from({ length: d * count }, () => random.uniform());
    const weights = Float64Array.from({ length: d }, () => 10 * random.uniform());
    const [correlations, slopes] = [new Float64Array(count), new Float64Array(count)];
    correlatePairs(differences, weights, { correlations, slopes });
    for (let pair = 0; pair < count; pair++) {
      let s = 0;
      for (let k = 0; k < d; k++) s += (weights[k] as number) * (differences[k * count + pair] as number);
      assert.equal(correlations[pair], correlation(s));
      assert.equal(slopes[pair], correlationSlope(s));
    }
  }
});

test("whitens several points with the same bits as each alone, for any number of points and observations", () => {
  const random = createRandom(2);
  const kinds = [{ isNominal: false }, { isNominal: true }, { isNominal: false }];
  const draw = () => Float64Array.of(random.uniform(), random.integer(2), random.uniform());
  const parameters = { lengthScales: Float64Array.of(0.3, 1.2, 0.7), signalVariance: 1.7, noiseVariance: 0.01 };
  for (const n of [1, 3, 4, 9, 14]) {
    const points = pointSet(kinds, Array.from({ length: n }, draw));
    const targets = Float64Array.from({ length: n }, () => random.normal());
    for (const more of [{}, { meanVariance: 1 }, { detailVariance: 0.2 }]) {
      const posterior = conditionOn(points, targets, { ...parameters, ...more }) ?? assert.fail();
      for (const count of [1, 2, 4, 7]) {
        const others = Array.from({ length: count }, draw);
        const whitened = posterior.whitenEach(others);
        assert.deepEqual(
          whitened,
          others.map((point) => posterior.whiten(point)),
          `${n} and ${count}`,
        );
      }
    }
  }
});
