import assert from "node:assert/strict";
import { test } from "node:test";
import { PLAIN_LAYOUT } from "./layout.js";
import { tableLines } from "./table.js";

const COLUMNS = [
  { title: "TRIAL" },
  { title: "rate", leftOut: 2 },
  { title: "TRAINER", leftOut: 1 },
  { title: "MESSAGE", leftOut: 3, cutTo: 8 },
];
const ROWS = [
  ["0", "0.001", "trainer-1", "no engine could be started"],
  ["10", "0.1", "-", ""],
];

function linesAt(columns: number): string[] {
  return tableLines(COLUMNS, ROWS, { ...PLAIN_LAYOUT, columns });
}

test("a table of a file has every column", () => {
  assert.deepEqual(tableLines(COLUMNS, ROWS), [
    "TRIAL  rate   TRAINER    MESSAGE",
    "0      0.001  trainer-1  no engine could be started",
    "10     0.1    -",
  ]);
});

test("texts are cut first, then columns are left out in their order and named", () => {
  assert.deepEqual(linesAt(40), [
    "TRIAL  rate   TRAINER    MESSAGE",
    "0      0.001  trainer-1  no engine coul…",
    "10     0.1    -",
  ]);
  assert.deepEqual(linesAt(30), [
    "TRIAL  rate   MESSAGE",
    "0      0.001  no engine could…",
    "10     0.1",
    "Left out at this width:",
    "  TRAINER",
  ]);
  assert.deepEqual(linesAt(8), [
    "TRIAL",
    "0",
    "10",
    "Left out",
    "  at",
    "  this",
    "  width:",
    "  rate,",
    "  TRAINE",
    "  R,",
    "  MESSAG",
    "  E",
  ]);
});

test("wide characters keep the columns straight", () => {
  assert.deepEqual(
    tableLines(
      ["NAME", "N"],
      [
        ["学習", "1"],
        ["ab", "2"],
      ],
    ),
    ["NAME  N", "学習  1", "ab    2"],
  );
});

test("a look surrounds the text of a cell and not its blanks", () => {
  const style = (ink: string, text: string) => `<${ink} ${text}>`;
  const rows = [[{ text: "ok", ink: "green" as const }, "x"]];
  assert.deepEqual(tableLines(["STATE", ""], rows, { columns: 80, style }), ["<bold STATE>", "<green ok>     x"]);
});
