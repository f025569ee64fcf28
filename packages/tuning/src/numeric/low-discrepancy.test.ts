import assert from "node:assert/strict";
import { test } from "node:test";
import { spreadPoint, spreadPoints } from "./low-discrepancy.js";

test("steps by powers of the golden ratio for d = 1 and of the plastic number for d = 2", () => {
  const line = spreadPoint(1, Float64Array.of(0))[0] as number;
  assert.ok(Math.abs(line - (Math.sqrt(5) - 1) / 2) < 1e-15);
  const [x, y] = spreadPoint(1, Float64Array.of(0, 0)) as unknown as [number, number];
  const plastic = 1.324717957244746;
  assert.ok(Math.abs(x - 1 / plastic) < 1e-15);
  assert.ok(Math.abs(y - 1 / plastic ** 2) < 1e-15);
});

test("puts 12 to 20 of 256 points into each of 16 equal boxes", () => {
  const count = 256;
  const cells = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const cell = [...spreadPoint(i, Float64Array.of(0.3, 0.8))].map((x) => Math.floor(x * 4)).join();
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
  }
  // The mean is 16 points a cell; random points would have a standard deviation of 3.9.
  for (const [cell, points] of cells) assert.ok(Math.abs(points - 16) <= 4, `${points} in cell ${cell}`);
  assert.equal(cells.size, 16);
});

test("returns a point without coordinates for d = 0", () => {
  assert.equal(spreadPoint(3, new Float64Array(0)).length, 0);
});

test("returns the same terms together as one by one", () => {
  const start = Float64Array.of(0.2, 0.9, 0.4);
  assert.deepEqual(
    spreadPoints(20, start),
    Array.from({ length: 20 }, (_, i) => spreadPoint(i, start)),
  );
});
