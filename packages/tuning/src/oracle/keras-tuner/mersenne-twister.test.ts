import assert from "node:assert/strict";
import { test } from "node:test";
import { numpyRandom, pythonRandom } from "./mersenne-twister.js";

test("gives the numbers of Python's random.Random", () => {
  assert.equal(pythonRandom(0).uniform(), 0.8444218515250481);
  assert.equal(nth(pythonRandom(4750), 1), 0.5920633683537377);
  assert.equal(nth(pythonRandom(4750), 700), 0.9459238638564947);
  assert.equal(nth(pythonRandom(2 ** 32 + 5), 1), 0.15727238718789782);
});

test("gives the numbers of numpy's RandomState", () => {
  assert.equal(numpyRandom(4750).uniform(), 0.29967620663620165);
  assert.equal(nth(numpyRandom(4294967295), 1000), 0.556626859384112);
});

function nth({ uniform }: { uniform(): number }, n: number): number {
  for (let i = 1; i < n; i++) uniform();
  return uniform();
}
