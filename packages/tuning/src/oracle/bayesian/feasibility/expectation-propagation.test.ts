import assert from "node:assert/strict";
import { test } from "node:test";
import { logNormalCdf, normalCdf } from "../../../numeric/distribution/normal-distribution.js";
import { propagate } from "./expectation-propagation.js";

// For one label, expectation propagation is exact: the moments are matched once.
test("gives the exact evidence and moments of one label", () => {
  const [variance, mean] = [4, 0.5];
  const sites = propagate({ labels: [-1], mean, covariance: Float64Array.of(variance) }) ?? assert.fail();
  assert.ok(Math.abs(sites.logEvidence - logNormalCdf(-mean / Math.sqrt(1 + variance))) < 1e-9);
  const expected = momentsOf((h) => normalCdf(-(h + mean)), variance);
  const precision = 1 / variance + 1 / (sites.noise[0] as number);
  assert.ok(Math.abs(1 / precision - expected.variance) < 1e-6);
  assert.ok(Math.abs((sites.targets[0] as number) / (sites.noise[0] as number) / precision - expected.mean) < 1e-6);
});

test("comes near the evidence of three dependent labels", () => {
  const covariance = Float64Array.of(9, 7, 9, 2, 4, 9);
  const labels = [1, 1, -1] as const;
  const sites = propagate({ labels, mean: 1, covariance }) ?? assert.fail();
  const exact = evidenceBySum(covariance, labels, 1);
  assert.ok(
    Math.abs(Math.exp(sites.logEvidence) - exact) < 0.01 * exact,
    `${Math.exp(sites.logEvidence)} for ${exact}`,
  );
});

test("does not depend on the order of the points", () => {
  const [a, b] = [
    propagate({ labels: [1, -1, 1], mean: 0, covariance: Float64Array.of(5, 3, 5, 1, 2, 5) }),
    propagate({ labels: [1, -1, 1], mean: 0, covariance: Float64Array.of(5, 2, 5, 1, 3, 5) }),
  ];
  assert.ok(Math.abs((a?.logEvidence ?? 0) - (b?.logEvidence ?? 1)) < 1e-3);
});

/** Integrates by the trapezoidal rule, which converges exponentially for a normal density. */
function momentsOf(likelihood: (h: number) => number, variance: number) {
  const sums = [0, 0, 0];
  for (let h = -30; h <= 30; h += 0.01) {
    const weight = likelihood(h) * Math.exp(-(h * h) / (2 * variance));
    for (const k of [0, 1, 2]) sums[k] = (sums[k] as number) + weight * h ** k;
  }
  const [total, first, second] = sums as [number, number, number];
  return { mean: first / total, variance: second / total - (first / total) ** 2 };
}

/** Sums the likelihood of three labels over a lattice of the normal distribution N(0, K). */
function evidenceBySum(k: Float64Array, labels: readonly number[], mean: number): number {
  const [k00, k10, k11, k20, k21, k22] = Array.from(k) as [number, number, number, number, number, number];
  const l00 = Math.sqrt(k00);
  const [l10, l20] = [k10 / l00, k20 / l00];
  const l11 = Math.sqrt(k11 - l10 ** 2);
  const l21 = (k21 - l20 * l10) / l11;
  const l22 = Math.sqrt(k22 - l20 ** 2 - l21 ** 2);
  const step = 0.15;
  let sum = 0;
  for (let a = -6; a <= 6; a += step) {
    for (let b = -6; b <= 6; b += step) {
      for (let c = -6; c <= 6; c += step) {
        const h = [l00 * a, l10 * a + l11 * b, l20 * a + l21 * b + l22 * c];
        const likelihood = h.reduce(
          (product, value, i) => product * normalCdf((labels[i] as number) * (value + mean)),
          1,
        );
        sum += likelihood * Math.exp(-0.5 * (a * a + b * b + c * c));
      }
    }
  }
  return (sum * step ** 3) / (2 * Math.PI) ** 1.5;
}
