import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random/random.js";
import { dominates, nonDominated } from "./dominance.js";

test("the front of random points, equal ones among them, is that of all comparisons", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = createRandom(seed);
    const m = 1 + random.integer(4);
    const points = Array.from({ length: random.integer(40) + 1 }, () =>
      Array.from({ length: m }, () => (random.integer(8) === 0 ? Number.NEGATIVE_INFINITY : random.integer(5))),
    );
    const slow = points.flatMap((point, i) => (points.some((other) => dominates(other, point)) ? [] : [i]));
    assert.deepEqual(nonDominated(points), slow, `seed ${seed}`);
  }
});
