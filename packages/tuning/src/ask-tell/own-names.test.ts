// Names that every object inherits: as names of parameters they are ordinary ones, and as unknown
// names they are refused like any other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createOracle } from "../oracle/registry.js";
import { ORACLE_NAMES } from "../spec/schema.js";
import { formatProblems } from "../validation/problems.js";
import { type Answer, answerLine, startDialogue } from "./dialogue.js";
import { parseOracleSpec } from "./oracle-spec.js";

const INHERITED = ["__proto__", "constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf"];

function converse(text: string, lines: readonly string[]): readonly Answer[] {
  const read = parseOracleSpec(text);
  assert.ok(read.ok, read.ok ? "" : formatProblems(read.problems));
  let dialogue = startDialogue(read.spec, createOracle(read.spec.oracle));
  return lines.flatMap((line) => {
    const reply = answerLine(dialogue, line);
    dialogue = reply.dialogue;
    return reply.answers;
  });
}

test("refuses inherited names as unknown ones, wherever a message has names", () => {
  const lines = INHERITED.flatMap((name) => [
    `{"tell": {"values": {"x": 0.5, "${name}": 1}, "value": 1}}`,
    `{"tell": {"id": "0", "value": 1, "${name}": 1}}`,
    `{"${name}": 1}`,
    `{"ask": 1, "${name}": 1}`,
    `{"tell": {"id": "${name}", "value": 1}}`,
    `{"tell": {"values": {"x": 0.5}, "value": 1, "state": "${name}"}}`,
    `{"explain": {"id": "${name}"}}`,
  ]);
  const answers = converse("parameters: { x: { type: double, min: 0, max: 1 } }", lines);
  for (const [i, answer] of answers.entries()) assert.deepEqual(Object.keys(answer), ["error"], lines[i]);
});

test("refuses inherited names as unknown ones, wherever a spec has names", () => {
  const x = "x: { type: integer, min: 0, max: 1 }";
  for (const name of INHERITED) {
    for (const text of [
      `parameters: { ${x} }\nconstraints: ['${name} <= 1']`,
      `parameters: { ${x} }\nenqueue: [{ x: 0, ${name}: 1 }]`,
      `parameters: { ${x}, y: { type: boolean, when: { ${name}: 1 } } }`,
      `parameters: { ${x}, y: { type: ${name} } }`,
      `parameters: { ${x} }\noracle: { type: ${name} }`,
      `parameters: { ${x} }\n${name}: 1`,
    ]) {
      assert.ok(!parseOracleSpec(text).ok, text);
    }
  }
});

for (const oracle of ORACLE_NAMES) {
  test(`${oracle} suggests values of parameters with inherited names, also where they are inactive`, () => {
    const spec = `oracle: { type: ${oracle} }
parameters:
  toString: { type: boolean }
  constructor: { type: integer, min: 0, max: 3, when: { toString: true } }
  valueOf: { type: double, min: 0, max: 1, step: 0.25, when: { constructor: [1, 2] } }
  hasOwnProperty: { type: categorical, values: [toString, constructor, __proto__] }
constraints: ["constructor + valueOf <= 2.5"]
warmStart: [{ values: { toString: false, hasOwnProperty: constructor }, objective: 3 }]
`;
    const tells = [0, 1, 2, 3].map((id) => `{"tell": {"id": "${id}", "value": ${id}}}`);
    const answers = converse(spec, [
      '{"ask": 4}',
      ...tells,
      '{"ask": 2}',
      '{"best": true}',
      '{"explain": {"id": "5"}}',
    ]);
    const values = answers.flatMap((answer) => (answer["values"] === undefined ? [] : [answer["values"] as object]));
    assert.equal(values.length, 8);
    for (const point of values) {
      const isOn = Object.hasOwn(point, "constructor");
      assert.equal(isOn, (point as { toString: unknown }).toString, JSON.stringify(point));
      assert.ok(Object.values(point).every((value) => typeof value !== "function" && value !== null));
    }
  });
}
