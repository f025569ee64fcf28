import assert from "node:assert/strict";
import { test } from "node:test";
import { canRedraw, columnsOf, layoutOf } from "./layout.js";
import { colored, uncolored } from "./style.js";

const TERMINAL = { isTTY: true, columns: 60 };

test("a terminal has colour unless something forbids it; a file has colour only if it is forced", () => {
  const cases = [
    { stream: TERMINAL, env: {}, expected: colored },
    { stream: TERMINAL, env: { NO_COLOR: "1" }, expected: uncolored },
    { stream: TERMINAL, env: { NO_COLOR: "" }, expected: colored },
    { stream: TERMINAL, env: { TERM: "dumb" }, expected: uncolored },
    { stream: TERMINAL, env: { FORCE_COLOR: "0" }, expected: uncolored },
    { stream: TERMINAL, env: {}, color: false, expected: uncolored },
    { stream: {}, env: {}, expected: uncolored },
    { stream: {}, env: { FORCE_COLOR: "1" }, expected: colored },
    { stream: {}, env: { FORCE_COLOR: "1", NO_COLOR: "1" }, expected: uncolored },
    { stream: {}, env: { FORCE_COLOR: "1" }, color: false, expected: uncolored },
  ];
  for (const { stream, env, color, expected } of cases)
    assert.equal(layoutOf(stream, { env, color }).style, expected, JSON.stringify([stream, env, color]));
});

test("a terminal limits the width of lines; a file does not", () => {
  assert.deepEqual([TERMINAL, { isTTY: true }, { isTTY: true, columns: 3 }, {}].map(columnsOf), [60, 80, 20, Infinity]);
});

test("a dumb terminal is not redrawn", () => {
  assert.deepEqual(
    [canRedraw(TERMINAL, {}), canRedraw(TERMINAL, { TERM: "dumb" }), canRedraw({}, {})],
    [true, false, false],
  );
});

test("colours are ANSI codes around the text", () => {
  assert.equal(colored("green", "ok"), "\u001b[32mok\u001b[39m");
  assert.equal(colored("green", ""), "");
});
