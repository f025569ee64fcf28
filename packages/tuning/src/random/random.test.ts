import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom, deriveSeed, restoreRandom } from "./random.js";

const SAMPLES = 100_000;

test("draws the same numbers from the same seed and different numbers from another seed", () => {
  const draw = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 20 }, () => random.uniform());
  };
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
});

test("draws uniform numbers in [0, 1) with 53 bits, mean 1/2 and mean square 1/3", () => {
  const random = createRandom(1);
  let sum = 0;
  let squares = 0;
  let usesLowestBit = false;
  for (let i = 0; i < SAMPLES; i++) {
    const value = random.uniform();
    assert.ok(value >= 0 && value < 1, `draw ${i} is ${value}`);
    assert.equal(value * 2 ** 53, Math.floor(value * 2 ** 53), `draw ${i} is not a multiple of 2^-53`);
    usesLowestBit ||= (value * 2 ** 53) % 2 === 1;
    sum += value;
    squares += value * value;
  }
  // Five standard errors: the standard deviation of u is 0.2887, of u² 0.2981.
  assert.ok(Math.abs(sum / SAMPLES - 1 / 2) < (5 * 0.2887) / Math.sqrt(SAMPLES));
  assert.ok(Math.abs(squares / SAMPLES - 1 / 3) < (5 * 0.2981) / Math.sqrt(SAMPLES));
  assert.ok(usesLowestBit);
});

test("draws normal numbers with the moments of the standard normal distribution", () => {
  const random = createRandom(2);
  const sums = [0, 0, 0, 0];
  let beyondTwo = 0;
  for (let i = 0; i < SAMPLES; i++) {
    const value = random.normal();
    for (let power = 1; power <= 4; power++) sums[power - 1] = (sums[power - 1] as number) + value ** power;
    if (Math.abs(value) > 2) beyondTwo++;
  }
  // Five standard errors; the variances of z, z², z³, z⁴ are 1, 2, 15, 96.
  const expected = [0, 1, 0, 3];
  const variances = [1, 2, 15, 96];
  for (let i = 0; i < 4; i++) {
    const error = Math.abs((sums[i] as number) / SAMPLES - (expected[i] as number));
    assert.ok(error < 5 * Math.sqrt((variances[i] as number) / SAMPLES), `moment ${i + 1} is off by ${error}`);
  }
  const share = 0.0455;
  assert.ok(Math.abs(beyondTwo / SAMPLES - share) < 5 * Math.sqrt((share * (1 - share)) / SAMPLES));
});

test("draws every integer below the bound equally often", () => {
  const random = createRandom(3);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < SAMPLES; i++) {
    const value = random.integer(7);
    counts[value] = (counts[value] as number) + 1;
  }
  assert.equal(counts.length, 7);
  const tolerance = 5 * Math.sqrt(SAMPLES * (1 / 7) * (6 / 7));
  for (const [value, count] of counts.entries()) {
    assert.ok(Math.abs(count - SAMPLES / 7) < tolerance, `drew ${value} ${count} times`);
  }
});

test("has no modulo bias for bounds that do not divide 2^32", () => {
  const random = createRandom(4);
  const below = 3 * 2 ** 30;
  let inFirstThird = 0;
  for (let i = 0; i < SAMPLES; i++) {
    if (random.integer(below) < 2 ** 30) inFirstThird++;
  }
  assert.ok(Math.abs(inFirstThird / SAMPLES - 1 / 3) < 5 * Math.sqrt(2 / 9 / SAMPLES));
});

test("accepts integer bounds from 1 to 2^32 and refuses all others", () => {
  const random = createRandom(5);
  assert.equal(random.integer(1), 0);
  assert.ok(Number.isInteger(random.integer(2 ** 32)));
  for (const below of [0, -1, 1.5, Number.NaN, 2 ** 32 + 1]) {
    assert.throws(() => random.integer(below), RangeError, `${below}`);
  }
});

test("shuffles to every permutation with equal probability", () => {
  const random = createRandom(6);
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const array = Uint32Array.of(1, 2, 3, 4);
    random.shuffle(array);
    counts.set(array.join(), (counts.get(array.join()) ?? 0) + 1);
  }
  assert.equal(counts.size, 24);
  const tolerance = 5 * Math.sqrt(24_000 * (1 / 24) * (23 / 24));
  for (const [order, count] of counts) assert.ok(Math.abs(count - 1000) < tolerance, `drew ${order} ${count} times`);
});

test("continues from a stored state, also between the two numbers of a normal pair", () => {
  for (const normals of [0, 1, 2]) {
    const random = createRandom(9);
    random.uniform();
    for (let i = 0; i < normals; i++) random.normal();
    const restored = restoreRandom(JSON.parse(JSON.stringify(random.state())));
    for (let i = 0; i < 5; i++) {
      assert.equal(restored.normal(), random.normal(), `normal ${i} after ${normals}`);
      assert.equal(restored.integer(1000), random.integer(1000), `integer ${i} after ${normals}`);
    }
  }
});

test("refuses invalid seeds and states", () => {
  for (const seed of [-1, 1.5, 2 ** 32, Number.NaN]) assert.throws(() => createRandom(seed), RangeError, `${seed}`);
  for (const state of [[], [1, 2, 3], [0, 0, 0, 0], [1, 2, 3, -4], [1, 2, 3, 4, 5, 6]]) {
    assert.throws(() => restoreRandom(state), RangeError, `[${state}]`);
  }
});

test("derives seeds that depend on the seed, on each label and on the boundaries between labels", () => {
  const seeds = [
    deriveSeed(23),
    deriveSeed(24),
    deriveSeed(23, "trial", 1, 2),
    deriveSeed(23, "trial", 12),
    deriveSeed(23, "trial", "12"),
    deriveSeed(23, "trial1", 2),
    deriveSeed(23, "trial", 2, 1),
  ];
  assert.equal(new Set(seeds).size, seeds.length);
  for (const seed of seeds) assert.ok(Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff, `${seed}`);
  assert.equal(deriveSeed(23, "trial", 1, 2), deriveSeed(23, "trial", 1, 2));
});
