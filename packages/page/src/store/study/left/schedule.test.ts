import assert from "node:assert/strict";
import { test } from "node:test";
import { type Course, lastEnd, type OpenTrials } from "./schedule.js";

const never = Number.POSITIVE_INFINITY;

function endOf(waiting: readonly Course[], open: Partial<OpenTrials> = {}): number {
  return lastEnd({ busy: [], parallel: 1, waiting, gapSeconds: 0, unjudged: never, ...open });
}

const course = (whole: number, pruned = never): Course => ({ whole, pruned });

test("each free trainer takes the next trial, after a pause", () => {
  const waiting = [course(10), course(20), course(30)];
  assert.equal(endOf(waiting), 60);
  assert.equal(endOf(waiting, { gapSeconds: 1 }), 63);
  assert.equal(endOf(waiting, { parallel: 2 }), 40);
  assert.equal(endOf(waiting, { parallel: 2, busy: [course(15)] }), 45);
  assert.equal(endOf([], { busy: [course(5), course(7)], parallel: 2 }), 7);
});

test("trials are pruned once enough of them have completed", () => {
  const waiting = [course(10, 2), course(10, 2), course(10, 2)];
  assert.equal(endOf(waiting, { unjudged: 0 }), 6);
  assert.equal(endOf(waiting, { unjudged: 1 }), 14);
  assert.equal(endOf(waiting, { unjudged: 4 }), 30);
});

test("the first verdict ends the trials that would have been pruned before", () => {
  // The second trainer's trial is pruned as soon as the first one's has completed.
  assert.equal(endOf([], { busy: [course(10), course(50, 3)], parallel: 2, unjudged: 1 }), 10);
  assert.equal(endOf([], { busy: [course(10), course(50, 30)], parallel: 2, unjudged: 1 }), 30);
});

test("of very many trials the sum of their times is shared out", () => {
  const waiting = new Array<Course>(50_000).fill(course(10, 4));
  assert.equal(endOf(waiting, { parallel: 100 }), 5_000);
  assert.equal(endOf(waiting, { parallel: 100, unjudged: 0 }), 2_000);
});
