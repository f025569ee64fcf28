import assert from "node:assert/strict";
import { test } from "node:test";
import { lossAt, meanLoss, targetAt, warp } from "./log-warp.js";

const LOSSES = Float64Array.of(0, 0.01, 0.3, 1, 4, 250);

test("returns targets of mean 0 and variance 1 that decrease with the loss", () => {
  for (const bend of [1e-3, 1, 1e3]) {
    const { targets } = warp(LOSSES, bend);
    const mean = targets.reduce((sum, t) => sum + t, 0) / targets.length;
    const variance = targets.reduce((sum, t) => sum + t * t, 0) / targets.length;
    assert.ok(Math.abs(mean) < 1e-14 && Math.abs(variance - 1) < 1e-13, `bend ${bend}`);
    targets.slice(1).forEach((target, i) => {
      assert.ok(target < (targets[i] as number), `target ${i + 1} at bend ${bend}`);
    });
  }
});

test("is linear for losses far below the bend and logarithmic far above it", () => {
  const linear = warp(Float64Array.of(0, 1, 2), 1e6).targets;
  assert.ok(Math.abs((linear[1] as number) * 2 - (linear[0] as number) - (linear[2] as number)) < 1e-5);
  const logarithmic = warp(Float64Array.of(1e3, 1e6, 1e9), 1e-3).targets;
  assert.ok(Math.abs(logarithmic[1] as number) < 1e-5);
});

test("returns derivatives by ln c that agree with finite differences, and the Jacobian's closed form", () => {
  for (const bend of [0.01, 0.7, 40]) {
    const { targetSlopes, logJacobianSlope, logJacobian } = warp(LOSSES, bend);
    const step = 1e-5;
    const [up, down] = [warp(LOSSES, bend * Math.exp(step)), warp(LOSSES, bend * Math.exp(-step))];
    targetSlopes.forEach((slope, i) => {
      const numeric = ((up.targets[i] as number) - (down.targets[i] as number)) / (2 * step);
      assert.ok(Math.abs(numeric - slope) < 1e-8, `target ${i} at bend ${bend}`);
    });
    assert.ok(Math.abs((up.logJacobian - down.logJacobian) / (2 * step) - logJacobianSlope) < 1e-8, `bend ${bend}`);
    // With mean(u) and sd(u) held constant, as in the likelihood: |∂t/∂l| = 1 / (sd (c + l)).
    const sd = Math.sqrt(variance(LOSSES.map((loss) => Math.log1p(loss / bend))));
    const expected = LOSSES.reduce((sum, loss) => sum - Math.log((bend + loss) * sd), 0);
    assert.ok(Math.abs(logJacobian - expected) < 1e-10);
  }
});

test("returns targets of 0 for equal losses", () => {
  for (const losses of [new Float64Array(4), Float64Array.of(0)]) {
    const { targets, logJacobian, logJacobianSlope } = warp(losses, 1);
    assert.deepEqual([...targets, logJacobian, logJacobianSlope], [...losses.map(() => 0), 0, 0]);
  }
});

test("continues losses beyond the largest one along the tangent there", () => {
  for (const bend of [1e-4, 1, 1e3]) {
    const scale = warp(LOSSES, bend);
    const slope = scale.sd * (bend + 250);
    for (const distance of [0, 0.1, 1, 30]) {
      const loss = lossAt(scale, scale.edge - distance);
      assert.ok(Math.abs(loss / (250 + slope * distance) - 1) < 1e-12, `bend ${bend}, distance ${distance}`);
    }
    for (const loss of [-bend / 2, 0, 0.3, 250, 251, 1e6]) {
      const again = lossAt(scale, targetAt(scale, loss));
      assert.ok(Math.abs(again - loss) <= 1e-9 * Math.max(bend, Math.abs(loss)), `loss ${loss} at bend ${bend}`);
    }
  }
});

test("returns the mean loss that numerical integration gives, on both sides of the largest loss", () => {
  for (const bend of [1e-4, 1, 1e3]) {
    const scale = warp(LOSSES, bend);
    for (const mean of [scale.edge - 2, scale.edge, scale.edge + 0.3, 1]) {
      for (const sd of [1e-3, 0.2, 1.5]) {
        const grid = Array.from({ length: 180_001 }, (_, i) => -9 + i / 10_000);
        const density = (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI) / 10_000;
        const expected = grid.reduce((sum, z) => sum + density(z) * lossAt(scale, mean + z * sd), 0);
        const error = Math.abs(meanLoss(scale, mean, sd * sd) - expected) / Math.max(expected, bend);
        // Differences of numbers near the bend leave errors of 1e-9.
        assert.ok(error < 1e-8, `${error} at bend ${bend}, mean ${mean}, sd ${sd}`);
      }
    }
  }
});

test("has a finite mean loss where an exponential beyond the largest loss would overflow", () => {
  const scale = warp(Float64Array.of(0, 1, 1e4), 1e-5);
  assert.ok(meanLoss(scale, 0, 1e4) < 1e7, String(meanLoss(scale, 0, 1e4)));
});

function variance(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
