import assert from "node:assert/strict";
import { test } from "node:test";
import { decimated, POINTS_PER_COLUMN } from "./decimate.js";
import { hit, stepTarget } from "./hit.js";
import { rampRole, seriesRole } from "./role.js";
import { boxAt, NO_TARGETS, targetsOf } from "./scene.js";
import { csvText } from "./table.js";

/** Two trials with three epochs each, then a bar. */
const targets = targetsOf([
  ...[10, 20, 30].map((x) => figure("a", boxAt(x, 50))),
  ...[10, 21, 32].map((x) => figure("b", boxAt(x, 80))),
  figure("bar", { x: 100, y: 0, width: 50, height: 20 }),
]);

function figure(key: string, box: ReturnType<typeof boxAt>) {
  return { box, target: { key, lines: [key], marks: [] } };
}

test("takes the nearest figure within reach", () => {
  assert.equal(hit({ targets }, 19, 52), 1);
  assert.equal(hit({ targets }, 22, 78), 4);
  assert.equal(hit({ targets }, 400, 400), undefined);
  assert.equal(hit({ targets: NO_TARGETS }, 0, 0), undefined);
});

test("takes a bar anywhere inside it", () => {
  assert.equal(hit({ targets }, 125, 10, 0), 6);
  assert.equal(hit({ targets }, 125, 21, 0), undefined);
});

test("steps through figures, and to the nearest one of another group", () => {
  assert.equal(stepTarget({ targets }, undefined, "next"), 0);
  assert.equal(stepTarget({ targets }, 0, "next"), 1);
  assert.equal(stepTarget({ targets }, 0, "previous"), 0);
  assert.equal(stepTarget({ targets }, 1, "next-group"), 4);
  assert.equal(stepTarget({ targets }, 4, "previous-group"), 1);
  assert.equal(stepTarget({ targets }, 6, "next-group"), 6);
  assert.equal(stepTarget({ targets }, 3, "last"), 6);
  assert.equal(stepTarget({ targets: NO_TARGETS }, undefined, "next"), undefined);
});

test("writes CSV by RFC 4180", () => {
  const table = {
    columns: ["trial", "val, loss"],
    rows: [
      ['a"b', 0.1],
      ["line\nbreak", null],
    ] as const,
  };
  assert.equal(csvText(table), 'trial,"val, loss"\r\n"a""b",0.1\r\n"line\nbreak",\r\n');
});

test("a text that a spreadsheet would compute stays a text", () => {
  assert.equal(csvText({ columns: ["=1+1"], rows: [["@SUM(A1)"], [-1]] }), "'=1+1\r\n'@SUM(A1)\r\n-1\r\n");
});

test("a decimated line has few points, the same ends and the same extremes", () => {
  const count = 50_000;
  const points = Array.from({ length: count }, (_, index) => [(index / count) * 300, Math.sin(index / 7) * 40]).flat();
  points[2 * 31_415 + 1] = 999;
  const thin = Array.from(decimated(points));
  assert.ok(thin.length / 2 <= 301 * POINTS_PER_COLUMN, String(thin.length));
  assert.deepEqual([thin.slice(0, 2), thin.slice(-2)], [points.slice(0, 2), points.slice(-2)]);
  assert.ok(thin.includes(999));
  assert.ok(thin.every((value, place) => place < 2 || place % 2 === 1 || value >= (thin[place - 2] as number)));
});

test("a line with fewer points than pixels stays as it is", () => {
  const points = [0, 5, 3, 1, 9, 4];
  assert.deepEqual(Array.from(decimated(points)), points);
});

test("ranks and series outside their range have a colour too", () => {
  assert.deepEqual([-1, 0, 1, 2].map(rampRole), ["ramp-0", "ramp-0", "ramp-7", "ramp-7"]);
  assert.equal(seriesRole(6), seriesRole(0));
});
