import assert from "node:assert/strict";
import { test } from "node:test";
import { logH, logHSlope } from "./log-expected-improvement.js";

// Computed with up to 400 digits from φ(z) + z Φ(z) and Φ(z) / h(z): [z, ln h, slope].
const REFERENCE: readonly (readonly [z: number, logH: number, slope: number])[] = [
  [40, 3.6888794541139363, 0.025],
  [5, 1.6094379231264313, 0.19999994053122006],
  [1, 0.08002621884930694, 0.7766387252017393],
  [0, -0.9189385332046728, 1.2533141373155003],
  [-0.5, -1.6205162643873199, 1.5598731483480797],
  [-0.9990234375, -2.4832617300829747, 1.9035662358515228],
  [-1, -2.4851210257126413, 1.9042712333296918],
  [-1.0009765625, -2.4869810098738903, 1.904976348523495],
  [-2, -4.768783523917114, 2.679416883955586],
  [-5, -16.74430116266099, 5.361816241288088],
  [-20, -206.9178385094251, 20.099262811101283],
  [-99, -4910.609484215455, 99.02019584095312],
  [-100, -5010.12957880025, 100.01999400419587],
  [-101, -5110.649473554864, 101.01979616064943],
  [-1000, -500014.73445209116, 1000.001999994],
  [-1e5, -5000000023.94479, 100000.00002],
];

test("agrees with the definition for z from -1e5 to large values", () => {
  for (const [z, expected, slope] of REFERENCE) {
    assert.ok(Math.abs(logH(z) - expected) <= 1e-12 * Math.max(1, Math.abs(expected)), `ln h(${z}) is ${logH(z)}`);
    // Cancellation in 1 + z R magnifies a few roundings by z², at most 1e4.
    assert.ok(Math.abs(logHSlope(z) / slope - 1) < 1e-11, `slope at ${z} is ${logHSlope(z)}`);
  }
});

test("stays finite and increasing where expected improvement underflows", () => {
  let previous = Number.NEGATIVE_INFINITY;
  for (const z of [-1e100, -1e10, -1e5, -1000, -100.001, -100, -99.999, -40, -1, 0, 1, 1e5, 1e100]) {
    assert.ok(Number.isFinite(logH(z)) && logH(z) > previous, `ln h(${z}) is ${logH(z)}`);
    assert.ok(logHSlope(z) > 0, `slope at ${z}`);
    previous = logH(z);
  }
});

test("is the logarithm of the integral over all improvements", () => {
  // By the midpoint rule over the standard normal density.
  const [mean, sd, best] = [0.2, 0.7, 0.5];
  let sum = 0;
  const width = 1e-4;
  for (let z = -8 + width / 2; z < 8; z += width) {
    sum += Math.max(mean + sd * z - best, 0) * Math.exp(-0.5 * z * z) * width;
  }
  const expected = Math.log(sum / Math.sqrt(2 * Math.PI));
  assert.ok(Math.abs(logH((mean - best) / sd) + Math.log(sd) - expected) < 1e-8);
});
