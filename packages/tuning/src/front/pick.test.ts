import assert from "node:assert/strict";
import { test } from "node:test";
import { nonDominated } from "./dominance.js";
import { pickOf } from "./pick.js";
import { referencePoint } from "./reference-point.js";

const FRONT = [
  [0, 100],
  [1, 20],
  [2, 15],
  [10, 0],
];

test("the knee is the point nearest to the best value of every objective, whatever their units", () => {
  assert.equal(pickOf(FRONT, "knee"), 1);
  assert.equal(
    pickOf(
      FRONT.map(([a = 0, b = 0]) => [a * 1e9, b * 1e-9]),
      "knee",
    ),
    1,
  );
});

test("weights move the pick along the front", () => {
  assert.equal(pickOf(FRONT, [100, 1]), 0);
  assert.equal(pickOf(FRONT, [1, 100]), 3);
});

test("equal points and a single point are picked without a range", () => {
  assert.equal(pickOf([[3, 3]], "knee"), 0);
  assert.equal(
    pickOf(
      [
        [3, 3],
        [3, 3],
      ],
      [1, 2],
    ),
    0,
  );
});

test("equal points do not dominate each other", () => {
  const points = [
    [1, 1],
    [1, 1],
    [1, 2],
    [0, 3],
  ];
  assert.deepEqual(nonDominated(points), [0, 1, 3]);
});

test("the reference point of two objectives is the worst of all trials, or a tenth behind the front", () => {
  const dominated = [3, 110];
  assert.deepEqual([...referencePoint([...FRONT, dominated])], [11, 110]);
  assert.deepEqual([...referencePoint([[5, 5]])], [6, 6]);
});

test("one trial of 20 that is far off in one objective hardly moves the reference point of three", () => {
  const points = Array.from({ length: 20 }, (_, i) => [i / 20, 1 - i / 20, 0.5]);
  const [, , third] = referencePoint([...points, [2, 2, 1e6]]);
  assert.equal(third, 1.5);
});
