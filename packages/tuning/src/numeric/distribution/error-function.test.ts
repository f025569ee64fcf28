import assert from "node:assert/strict";
import { test } from "node:test";
import { erf, erfc, erfcx } from "./error-function.js";

// Computed with 60 digits from the definitions, at values of x that are exact in binary.
const REFERENCE: readonly (readonly [x: number, erfc: number, erfcx: number])[] = [
  [-5, 1.9999999999984626, 144009798674.66104],
  [-1, 1.8427007929497148, 5.008980080762283],
  [-0.25, 1.276326390168237, 1.358642370104722],
  [0.125, 0.8596837951986662, 0.8732218450821508],
  [0.46875, 0.507386526782062, 0.6320696892495561],
  [0.5, 0.4795001221869535, 0.6156903441929259],
  [1, 0.15729920705028513, 0.427583576155807],
  [2, 0.004677734981047266, 0.25539567631050575],
  [3.875, 4.2513944082491124e-8, 0.1411674197630518],
  [4, 1.541725790028002e-8, 0.13699945762506138],
  [4.125, 5.423400799565066e-9, 0.13306497124120825],
  [10, 2.088487583762545e-45, 0.05614099274382259],
  [26, 5.663192408856143e-296, 0.021683584850562907],
];

// A few roundings of a float64. The approximations themselves are exact to 18 digits.
const TOLERANCE = 2e-15;

test("agrees with the definitions to the last digits", () => {
  for (const [x, complement, scaled] of REFERENCE) {
    assertClose(erfc(x), complement, `erfc(${x})`);
    assertClose(erfcx(x), scaled, `erfcx(${x})`);
    assert.ok(Math.abs(erf(x) - (1 - complement)) < TOLERANCE, `erf(${x})`);
  }
});

test("computes erfcx accurately where erfc underflows to 0", () => {
  assertClose(erfcx(30), 0.018795888861416751, "erfcx(30)");
  assertClose(erfcx(1000), 0.0005641893014533877, "erfcx(1000)");
  assertClose(erfcx(1e10), 5.641895835477563e-11, "erfcx(1e10)");
  assert.equal(erfc(30), 0);
});

test("has its limits at infinite arguments", () => {
  assert.deepEqual([Infinity, -Infinity].map(erfc), [0, 2]);
  assert.deepEqual([Infinity, -Infinity].map(erf), [1, -1]);
  assert.deepEqual([Infinity, -Infinity].map(erfcx), [0, Infinity]);
});

test("accepts every finite argument and never returns NaN", () => {
  assert.equal(erfcx(-30), Number.POSITIVE_INFINITY);
  assert.equal(erf(0), 0);
  for (const x of [-1e300, -1, 0, 1, 1e300]) {
    assert.ok(!Number.isNaN(erf(x)) && !Number.isNaN(erfc(x)) && !Number.isNaN(erfcx(x)), `${x}`);
  }
});

function assertClose(actual: number, expected: number, label: string): void {
  assert.ok(Math.abs(actual / expected - 1) < TOLERANCE, `${label} is ${actual}, not ${expected}`);
}
