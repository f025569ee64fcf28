import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonText } from "./json-text.js";

test("writes lists of numbers and words on one line, and other values as JSON.stringify does", () => {
  const document = {
    name: 'a "b"',
    none: null,
    gone: undefined,
    curve: [0.5, null, 1e-7],
    empty: {},
    trials: [{ id: "0" }, []],
  };
  const lines = [
    "{",
    '  "name": "a \\"b\\"",',
    '  "none": null,',
    '  "curve": [0.5, null, 1e-7],',
    '  "empty": {},',
    '  "trials": [',
    "    {",
    '      "id": "0"',
    "    },",
    "    []",
    "  ]",
    "}",
    "",
  ];
  assert.equal(jsonText(document), lines.join("\n"));
});

test("escapes characters that a terminal would obey", () => {
  const words = ["\u001b[2J", "\u009b2J", "a\u202eb", "\u{e0001}", "👩‍💻"];
  const text = jsonText(words);
  assert.equal(text, '["\\u001b[2J", "\\u009b2J", "a\\u202eb", "\\udb40\\udc01", "👩‍💻"]\n');
  assert.deepEqual(JSON.parse(text), words);
});

test("writes text that parses to what JSON.stringify would have written", () => {
  const odd = {
    date: new Date(0),
    list: [undefined, Number.NaN, true, "\u2028\u0000é"],
    nested: [[1, [2]], { a: [{}] }],
    __proto: 1,
  };
  for (const value of [odd, [], {}, null, 3, "x", [odd, odd]])
    assert.deepEqual(JSON.parse(jsonText(value)), JSON.parse(JSON.stringify(value)));
});
