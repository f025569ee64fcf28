import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random/random.js";
import { drawJointly, predictJointly } from "./joint-prediction.js";
import { MEAN_CURVATURE, priorMean, withoutPriorMean } from "./mean-function.js";
import { pointSet } from "./model.js";
import { conditionOn } from "./posterior.js";
import { lengthScalePrior } from "./prior.js";

const LINE = [{ isNominal: false }];

test("has mean 0 and standard deviation ρ σ over the cube", () => {
  const random = createRandom(4);
  const kinds = [...LINE, ...LINE, ...LINE];
  const parameters = { meanCurvature: 2, signalVariance: 0.25 };
  const means = Array.from({ length: 20_000 }, () => {
    const coordinates = Float64Array.from({ length: 3 }, () => random.uniform());
    return priorMean(parameters, { kinds, coordinates });
  });
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  const variance = means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / means.length;
  // With 20,000 draws, the standard error is 0.007 for the mean and 0.005 for the deviation.
  assert.ok(Math.abs(mean) < 0.03, `${mean}`);
  assert.ok(Math.abs(Math.sqrt(variance) - 1) < 0.03, `${variance}`);
});

test("ignores nominal and conditional dimensions", () => {
  const kinds = [{ isNominal: true }, { isNominal: false, isConditional: true }, ...LINE];
  const parameters = { meanCurvature: 0.5, signalVariance: 1 };
  const at = (...coordinates: number[]) =>
    priorMean(parameters, { kinds, coordinates: Float64Array.from(coordinates) });
  assert.equal(at(0, 0, 0.5), at(1, 1, 0.5));
  // ρ = 1/2: √180 / 24 in the middle, where x = 1/2, and -√180 / 12 at the border.
  assert.ok(Math.abs(at(0, 0, 0.5) - Math.sqrt(180) / 24) < 1e-12);
  assert.ok(Math.abs(at(0, 0, 1) + Math.sqrt(180) / 12) < 1e-12);
  assert.equal(priorMean(parameters, { kinds: [{ isNominal: true }], coordinates: Float64Array.of(1) }), 0);
});

test("is the posterior mean far from all observations", () => {
  const parameters = {
    lengthScales: Float64Array.of(0.01),
    signalVariance: 1,
    noiseVariance: 1e-6,
    meanCurvature: 0.5,
  };
  const points = pointSet(LINE, [Float64Array.of(0.3)]);
  const posterior = conditionOn(points, Float64Array.of(2), parameters) ?? assert.fail();
  assert.ok(Math.abs(posterior.predict(Float64Array.of(0.3)).mean - 2) < 1e-5);
  const far = Float64Array.of(0.9);
  assert.equal(posterior.predict(far).mean, priorMean(parameters, { kinds: LINE, coordinates: far }));
  assert.deepEqual([...withoutPriorMean(parameters, points, Float64Array.of(2))], [2 - priorMean(parameters, points)]);
});

/**
 * Returns the share of functions on a line, drawn from the prior, whose best value lies in the
 * outer fifth of the range.
 */
function outerShare(meanCurvature: number): number {
  const random = createRandom(11);
  const { median, spread, min } = lengthScalePrior(1);
  const grid = Array.from({ length: 81 }, (_, i) => Float64Array.of(i / 80));
  const isOuter = Array.from({ length: 600 }, () => {
    const length = Math.max(min, median * Math.exp(spread * random.normal()));
    const parameters = {
      lengthScales: Float64Array.of(length),
      signalVariance: 1,
      noiseVariance: 1e-6,
      meanCurvature,
    };
    const none = conditionOn(pointSet(LINE, []), new Float64Array(0), parameters) ?? assert.fail();
    const values = drawJointly(predictJointly(none, grid) ?? assert.fail(), random);
    const best = values.indexOf(Math.max(...values)) / 80;
    return best < 0.1 || best > 0.9;
  });
  return isOuter.filter(Boolean).length / isOuter.length;
}

test("reduces the prior probability of a best value in the outer fifth from a half to a fifth", () => {
  // With 600 draws, the standard error of a share is 0.016 at 0.2 and 0.02 at 0.5.
  assert.ok(Math.abs(outerShare(MEAN_CURVATURE) - 0.2) < 0.06, `${outerShare(MEAN_CURVATURE)}`);
  assert.ok(outerShare(0) > 0.4, `${outerShare(0)}`);
});
