import assert from "node:assert/strict";
import { test } from "node:test";
import { nonDominated } from "./dominance.js";
import { pickOf } from "./pick.js";
import { type Range, rangeOf, referencePoint } from "./reference-point.js";

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

test("one dominated trial that is far off does not move the reference point of three objectives", () => {
  const points = Array.from({ length: 20 }, (_, i) => [i / 20, 1 - i / 20, 0.5]);
  const [, , third] = referencePoint([...points, [2, 2, 1e6]]);
  assert.equal(third, 1.5);
});

test("of a young front of three objectives, the reference point leaves out the worst quarter", () => {
  const points = [0, 1, 2, 3, 4].map((x) => [x, 4 - x, x === 4 ? -1 : 0]);
  const [mature] = referencePoint(points, { maturity: 5 });
  const [young] = referencePoint(points, { maturity: 1e9 });
  assert.ok(Math.abs((mature as number) - 4.4) < 1e-12);
  assert.ok(Math.abs((young as number) - 3.3) < 1e-12);
});

test("trials that break a limit extend the reference point by at most half the front's range", () => {
  const reach = (others: number[][]) => [...referencePoint(FRONT, { others })];
  const plain = reach([]);
  const [first, second] = [0, 1].map((i) => rangeOf(FRONT, i)) as [Range, Range];
  const half = ({ low, high }: Range) => high + (high - low) / 2;
  assert.deepEqual(reach([[-1e9, -1e9]]), plain);
  assert.deepEqual(reach([[1e9, 1e9]]), [half(first), half(second)]);
  const between = ((plain[0] as number) + half(first)) / 2;
  assert.deepEqual(reach([[between, 0]]), [between, plain[1]]);
});
