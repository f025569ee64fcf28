import assert from "node:assert/strict";
import { test } from "node:test";
import { logNormalCdf, logNormalCdfSlope } from "./normal-distribution.js";

// Computed with 50 digits from the definition: [z, ln Φ(z)].
const REFERENCE: readonly (readonly [z: number, value: number])[] = [
  [-1000, -500007.82669481216],
  [-40, -804.6084420137538],
  [-5, -15.064998393988725],
  [-1.0009765625, -1.8425114168455297],
  [-1, -1.8410216450092636],
  [-0.9990234375, -1.8395326369729776],
  [0, -Math.LN2],
  [1, -0.17275377902344988],
  [3, -0.0013508099647481938],
  [8, -6.220960574271786e-16],
];

test("computes ln Φ(z) accurately in both tails and between", () => {
  for (const [z, expected] of REFERENCE) {
    // A few roundings of the result; above z = -1 at least two roundings of 1.
    const tolerance = 4e-15 * Math.max(Math.abs(expected), z > -1 ? 0.1 : 0);
    assert.ok(Math.abs(logNormalCdf(z) - expected) <= tolerance, `ln Φ(${z}) is ${logNormalCdf(z)}`);
  }
});

test("computes the slope of ln Φ(z) that central differences give", () => {
  for (const z of [-50, -3, -1.5, -1.00001, -0.99999, 0, 2, 5]) {
    const step = 1e-5;
    const numeric = (logNormalCdf(z + step) - logNormalCdf(z - step)) / (2 * step);
    assert.ok(Math.abs(numeric - logNormalCdfSlope(z)) < 1e-7 * Math.max(1, Math.abs(z)), `at ${z}`);
  }
});
