import assert from "node:assert/strict";
import { test } from "node:test";
import { readYaml, TEXT_BYTES_MAX } from "./yaml-text.js";

test("reads YAML and JSON, tabs in JSON too", () => {
  assert.deepEqual(readYaml("a: [1, .inf]\nb: { c: on }"), { ok: true, value: { a: [1, Infinity], b: { c: "on" } } });
  assert.deepEqual(readYaml('{\n\t"a": [\n\t\t1\n\t]\n}'), { ok: true, value: { a: [1] } });
});

test("reads compact JSON like the same JSON with white space", () => {
  const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
  const texts = [
    '{"a":[1,-0.5,1e-7,12345678901234567890],"b":{"c":null,"d":true,"e":"\\u00e9\\n\\" on"}}',
    '{"a":1,"a":2}',
    '{"a":{"__proto__":1}}',
    '{"2":1,"1":2}',
    '{"a":1}}',
    nested(32),
    nested(33),
  ];
  for (const text of texts) {
    const read = readYaml(text);
    const spaced = readYaml(`${text} `);
    assert.equal(read.ok, spaced.ok, text);
    if (read.ok && spaced.ok) assert.deepEqual(read.value, spaced.value, text);
  }
  assert.deepEqual(
    [readYaml(nested(32)).ok, readYaml(nested(33)).ok, readYaml('{"a":1,"a":2}').ok],
    [true, false, false],
  );
});

test("names line and column of every syntax error", () => {
  const read = readYaml("a: 1\na: 2\nb: [1,\n c: }\n");
  assert.ok(!read.ok);
  assert.deepEqual(
    read.problems.map(({ path }) => path),
    ["line 2, column 1", "line 4, column 5"],
  );
  assert.equal(read.problems[0]?.received, '"a: 2"');
  assert.match(read.problems[0]?.expected ?? "", /valid YAML: .*unique/);
});

test("refuses a text above 256 KiB before reading it", () => {
  const text = "[".repeat(10 * 1024 * 1024);
  const expected = { ok: false, problems: [{ path: "", received: "10240 KiB of text", expected: "at most 256 KiB" }] };
  assert.deepEqual(readYaml(text), expected);
  // Counted in bytes, not in characters: this letter has two.
  assert.equal(readYaml(`a: "${"ñ".repeat(TEXT_BYTES_MAX / 2)}"`).ok, false);
  assert.equal(readYaml(`a: "${"n".repeat(TEXT_BYTES_MAX / 2)}"`).ok, true);
});

test("refuses texts that would exhaust the parser", () => {
  const count = 20_000;
  for (const unit of ["[", "- ", "? ", "{a: ", "[{a: "]) {
    const read = readYaml(unit.repeat(count));
    assert.ok(!read.ok, unit);
    assert.deepEqual(
      read.problems,
      [{ path: "", received: "a deeply nested text", expected: "at most 32 levels" }],
      unit,
    );
  }
});

test("refuses aliases that would expand to more than memory holds", () => {
  const level = (i: number) => `a${i}: &a${i} [${new Array(10).fill(i === 0 ? "x" : `*a${i - 1}`).join(", ")}]`;
  const read = readYaml(Array.from({ length: 12 }, (_, i) => level(i)).join("\n"));
  assert.ok(!read.ok);
  assert.match(read.problems[0]?.expected ?? "", /alias count/);
});

test("refuses unknown tags, missing anchors, several documents and __proto__", () => {
  for (const text of ["a: !!js/function x", "a: *b", "a: 1\n---\nb: 2", "a: { __proto__: 1 }", "\ta: 1"]) {
    const read = readYaml(text);
    assert.ok(!read.ok, text);
    assert.equal(read.problems.length, 1, text);
  }
});

test("merges mappings as YAML 1.1 does, and refuses to merge anything else", () => {
  const range = "a: &range { min: 0, max: 1 }";
  const merged = [
    ["b: { <<: *range, max: 3 }", { min: 0, max: 3 }],
    ["b: { max: 3, <<: *range }", { max: 3, min: 0 }],
    ["b: { <<: [{ min: 7 }, *range] }", { min: 7, max: 1 }],
    // A quoted key is an ordinary one, as in JSON.
    ['b: { "<<": 5 }', { "<<": 5 }],
  ] as const;
  for (const [text, value] of merged) {
    assert.deepEqual(readYaml(`${range}\n${text}`), { ok: true, value: { a: { min: 0, max: 1 }, b: value } }, text);
  }
  assert.deepEqual(readYaml("b: { <<: 5 }"), {
    ok: false,
    problems: [{ path: "", received: "a merge key (<<)", expected: "an alias of a mapping, or a list of them" }],
  });
});

test("refuses an alias inside its own value", () => {
  for (const text of ["a: &a [*a]", "a: &a { b: *a }", "a: &a { <<: *a }"]) assert.ok(!readYaml(text).ok, text);
});

test("refuses the character that stands for bytes of another encoding, and names the line", () => {
  const text = Buffer.from("a: 1\nb: se\xf1al\n", "latin1").toString("utf8");
  assert.deepEqual(readYaml(text), {
    ok: false,
    problems: [
      { path: "", received: "U+FFFD in line 2, which stands for bytes of another encoding", expected: "UTF-8" },
    ],
  });
});

test("finds repeated keys of the largest text in one pass, and lists the first of them", () => {
  const pairs = (separator: string) =>
    Array(Math.floor(TEXT_BYTES_MAX / (4 + separator.length)) - 1)
      .fill("a: 1")
      .join(separator);
  for (const text of [`{${pairs(", ")}}`, pairs("\n")]) {
    const read = readYaml(text);
    assert.ok(!read.ok);
    assert.equal(read.problems.length, 20);
    assert.match(read.problems[0]?.expected ?? "", /unique/);
  }
  const [problem] = problemsOf("a: 1\nb: {c: 1, c: 2}\na: 3\n");
  assert.deepEqual(problem, {
    path: "line 2, column 11",
    received: '"c: 2}"',
    expected: "valid YAML: Map keys must be unique",
  });
});

test("refuses keys that are equal as fields: 1 and '1'", () => {
  assert.equal(problemsOf("1: a\n'1': b\n").length, 1);
  assert.equal(problemsOf("a: &a {b: 1}\nc: &c {d: 1}\ne: {<<: *a, b: 2}\nf: {<<: [*a, *c]}\n").length, 0);
});

function problemsOf(text: string) {
  const read = readYaml(text);
  return read.ok ? [] : read.problems;
}

test("several documents in one text are refused in words for a person", () => {
  const read = readYaml("a: 1\n---\nb: 2\n");
  assert.deepEqual(read.ok ? [] : read.problems, [
    { path: "line 2, column 1", received: '"---"', expected: "one YAML document" },
  ]);
});
