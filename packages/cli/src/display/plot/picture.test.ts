import assert from "node:assert/strict";
import { test } from "node:test";
import { PLAIN_LAYOUT } from "../format/layout.js";
import { colored } from "../format/style.js";
import { type Picture, pictureLines, type Series } from "./picture.js";

const NARROW = { ...PLAIN_LAYOUT, columns: 15 };
const points = (...ys: number[]) => ys.map((y, i) => ({ x: ys.length < 2 ? 0 : i / (ys.length - 1), y }));

function rowsOf(...series: Series[]): string[] {
  const picture: Picture = { title: "loss by epoch", series, ends: ["1", "12"] };
  return pictureLines(picture, NARROW);
}

test("draws points, lines, steps and bands, the later series over the earlier ones", () => {
  // The line is at 1.5 times the column: 0, 2, 3, 5, 6, 8 and so on, rounded.
  const lines = rowsOf(
    { kind: "band", sign: ":", spans: points(0, 0).map(({ x }) => ({ x, low: 0, high: 5 })) },
    { kind: "line", sign: "-", points: points(0, 15) },
    { kind: "points", sign: "o", points: points(0, 15) },
  );
  assert.deepEqual(lines, [
    "loss by epoch",
    "15 |          o",
    "   |         -",
    "   |",
    "   |        -",
    "   |       -",
    "   |",
    "   |      -",
    "   |     -",
    "   |",
    "   |    -",
    "   |:::-:::::::",
    "   |:::::::::::",
    "   |::-::::::::",
    "   |:-:::::::::",
    "   |:::::::::::",
    " 0 |o::::::::::",
    "   +-----------",
    "    1        12",
  ]);
});

test("steps hold a value until the next one, and the last value to the end", () => {
  const lines = rowsOf({
    kind: "steps",
    sign: "*",
    points: [
      { x: 0, y: 0 },
      { x: 0.5, y: 1 },
    ],
  });
  assert.equal(lines[1], "1 |      ******");
  assert.equal(lines[16], "0 |******");
});

test("has the text of both ends, and no picture without a finite value", () => {
  const lines = rowsOf({ kind: "points", sign: "o", points: points(1) });
  assert.deepEqual(lines.slice(-3), ["1 |o", "  +------------", "   1         12"]);
  assert.deepEqual(rowsOf({ kind: "points", sign: "o", points: points(Number.NaN) }), []);
  assert.deepEqual(rowsOf(), []);
});

test("colours a mark where the layout does, and takes numbers of every size", () => {
  const series: Series = { kind: "points", sign: "o", ink: "green", points: points(-1.7e308, 1.7e308) };
  const picture: Picture = { title: "x", series: [series], ends: ["", ""] };
  const [, row = ""] = pictureLines(picture, { columns: 40, style: colored });
  assert.ok(row.endsWith(colored("green", "o")), row);
});
