import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random/random.js";
import { pointSet } from "../gaussian-process/model.js";
import type { RowParameters } from "./fidelity-covariance.js";
import { FidelityLikelihood } from "./fidelity-likelihood.js";
import type { FidelityRows } from "./rows.js";

const KINDS = [{ isNominal: false }, { isNominal: true }];

/** Two final results, then rows of three trials at two depths. */
function randomRows(): { readonly rows: FidelityRows; readonly targets: Float64Array } {
  const random = createRandom(3);
  const trials = Int32Array.of(0, 1, 0, 0, 1, 1, 6, 6);
  const places = Array.from({ length: 7 }, () => Float64Array.of(random.uniform(), random.integer(2)));
  const points = pointSet(
    KINDS,
    Array.from(trials, (trial) => places[trial] as Float64Array),
  );
  const rows = {
    ...{ points, trials, depths: Float64Array.of(0, 0, 0.1, 0.6, 0.1, 0.6, 0.1, 0.6), finals: 2 },
    ...{ losses: new Float64Array(8), scale: { size: 1, best: 0, unit: 1 } },
  };
  return { rows, targets: Float64Array.from(trials, () => random.normal()) };
}

test("the derivatives are those of finite differences", () => {
  const { rows, targets } = randomRows();
  const likelihood = new FidelityLikelihood(rows);
  const at = (theta: readonly number[]) => {
    const [l0, l1, signalVariance, noiseVariance, curveVariance] = theta.map(Math.exp) as number[];
    const lengthScales = Float64Array.of(l0 as number, l1 as number);
    return { lengthScales, signalVariance, noiseVariance, curveVariance, meanVariance: 1 } as RowParameters;
  };
  const theta = [-1, 0.2, 0.1, -3, 0.4];
  const { gradient } = likelihood.slopesAt(at(theta), targets);
  const step = 1e-5;
  for (const k of theta.keys()) {
    const value = (shift: number) =>
      likelihood.valueAt(at(theta.with(k, (theta[k] as number) + shift)), targets) ?? assert.fail();
    const expected = (value(step) - value(-step)) / (2 * step);
    assert.ok(Math.abs((gradient[k] as number) - expected) < 1e-6, `θ[${k}]: ${gradient[k]}, not ${expected}`);
  }
});
