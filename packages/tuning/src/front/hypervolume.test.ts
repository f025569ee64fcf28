import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random/random.js";
import { undominatedBoxes } from "./boxes.js";
import { randomPoints, spherePoints } from "./front.fixture.js";
import { hypervolume } from "./hypervolume.js";

/** Relative rounding error of sums of products of up to a thousand terms. */
const ROUNDING = 1e-12;

/** Returns the hypervolume by inclusion and exclusion over all subsets: exact, and slow. */
function bySubsets(points: readonly Float64Array[], reference: readonly number[]): number {
  let volume = 0;
  for (let subset = 1; subset < 2 ** points.length; subset++) {
    const members = points.filter((_, i) => (subset >> i) & 1);
    const corner = reference.map((_, i) => Math.max(...members.map((point) => point[i] as number)));
    const common = corner.reduce((product, x, i) => product * Math.max(0, (reference[i] as number) - x), 1);
    volume += members.length % 2 === 1 ? common : -common;
  }
  return volume;
}

function near(actual: number, expected: number, context: string): void {
  assert.ok(Math.abs(actual - expected) <= ROUNDING * (1 + Math.abs(expected)), `${context}: ${actual}, ${expected}`);
}

test("one point dominates a box", () => {
  assert.equal(hypervolume([[1, 2, 3]], [2, 4, 6]), 1 * 2 * 3);
  assert.equal(hypervolume([], [1, 1]), 0);
  assert.equal(hypervolume([[3]], [5]), 2);
});

test("points beyond the reference point, dominated and repeated points count nothing", () => {
  const front = [
    [1, 3],
    [2, 1],
  ];
  const more = [...front, [2, 1], [2.5, 3], [0, 4], [4, 0]];
  assert.equal(hypervolume(front, [4, 4]), 1 * 3 + 2 * 3 - 1 * 2);
  assert.equal(hypervolume(more, [4, 4]), hypervolume(front, [4, 4]));
});

test("hypervolumes of one to four objectives equal inclusion and exclusion", () => {
  const random = createRandom(1);
  for (let m = 1; m <= 4; m++) {
    for (let round = 0; round < 10; round++) {
      const points = randomPoints(random, 8, m);
      const reference = new Array<number>(m).fill(0.9);
      near(hypervolume(points, reference), bySubsets(points, reference), `m = ${m}, round ${round}`);
    }
  }
});

test("the hypervolume does not depend on the order of points", () => {
  const points = spherePoints(createRandom(2), 20, 3);
  near(hypervolume(points.toReversed(), [1, 1, 1]), hypervolume(points, [1, 1, 1]), "reversed");
});

test("boxes cover the undominated region once", () => {
  const random = createRandom(3);
  for (let m = 1; m <= 4; m++) {
    const points = [...spherePoints(random, 12, m), ...randomPoints(random, 6, m)];
    const { count, lower, upper } = undominatedBoxes(points, new Array<number>(m).fill(1.1));
    let volume = 0;
    for (let box = 0; box < count; box++) {
      let product = 1;
      for (let i = box * m; i < (box + 1) * m; i++) product *= (upper[i] as number) - Math.max(0, lower[i] as number);
      volume += product;
    }
    near(1.1 ** m - volume, hypervolume(points, new Array<number>(m).fill(1.1)), `m = ${m}`);
    for (const probe of randomPoints(random, 200, m)) {
      const isDominated = points.some((point) => point.every((x, i) => x <= (probe[i] as number)));
      const holders = Array.from({ length: count }, (_, box) => box).filter((box) =>
        probe.every((x, i) => x >= (lower[box * m + i] as number) && x < (upper[box * m + i] as number)),
      );
      assert.equal(holders.length, isDominated ? 0 : 1, `m = ${m}, probe ${probe.join(" ")}`);
    }
  }
});

test("a front of two objectives has one box more than points", () => {
  assert.equal(undominatedBoxes(spherePoints(createRandom(4), 50, 2), [1.1, 1.1]).count, 51);
});
