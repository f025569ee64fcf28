import assert from "node:assert/strict";
import { test } from "node:test";
import { converse, specOf } from "./dialogue.fixture.js";
import { readMessage } from "./message.js";

const SPACE = `parameters:
  x: { type: double, min: 0, max: 1 }
  kind: { type: categorical, values: ["NaN", "say \\"Infinity\\""] }
  depth: { type: integer, min: 1, max: 3, when: { kind: "NaN" } }
`;
const VALUE = 'a finite number; a trial without one is told with "state": "infeasible", "failed" or "pruned"';

/** Lines that a dialogue with one pending trial and one told trial refuses, with their errors. */
const REFUSED: Readonly<Record<string, string>> = {
  '{"tell": {"id": "0", "value": NaN}}': `tell.value: received NaN, expected ${VALUE}`,
  '{"tell": {"id": "0", "value": -Infinity}}': `tell.value: received -Infinity, expected ${VALUE}`,
  '{"tell": {"id": "0", "value": 1e999}}': `tell.value: received Infinity, expected ${VALUE}`,
  '{"tell": {"id": "0", "value": null}}': `tell.value: received nothing, expected ${VALUE}`,
  '{"tell": {"id": "0", "value": "0.5"}}': `tell.value: received "0.5", expected ${VALUE}`,
  '{"tell": {"id": "0"}}': `tell.value: received nothing, expected ${VALUE}`,
  '{"tell": {"id": "0", "value": 1, "noise": NaN}}': "tell.noise: received NaN, expected a number of at least 0",
  '{"tell": {"id": 0, "value": 1}}': 'tell.id: received 0, expected a text: the id of a suggestion, such as "0"',
  '{"tell": {"id": "7", "value": 1}}': 'no suggestion has the id "7"; the ids are "0" to "1"',
  '{"tell": {"id": "1", "value": 2}}':
    'trial 1 was told already: completed with the value 1; tell its "values" without the id to add a measurement',
  '{"tell": {"values": {"x": NaN, "kind": "NaN", "depth": 1}, "value": 1}}':
    "tell.values.x: received NaN, expected a number from 0 to 1",
  '{"tell": {"values": {"x": 2, "kind": "NaN"}, "value": 1}}':
    "tell.values.x: received 2, expected a number from 0 to 1; " +
    "tell.values.depth: received nothing, expected a whole number from 1 to 3, 3 values",
  '{"tell": {"values": {"x": 0.5, "kind": "NaN", "depth": 1, "__proto__": 1}, "value": 1}}':
    "tell.values.__proto__: received 1, expected a parameter of the space",
  '{"tell": {"values": [0.5], "value": 1}}':
    "tell.values: received [0.5], expected a mapping from names of parameters to values",
  "": 'an empty line; a message is a line such as {"ask": 1}',
};

test("says what is wrong with a line and what to do, and loses nothing", () => {
  const { say, ask } = converse(specOf(SPACE));
  const [pending] = ask(1);
  const told = { x: 0.25, kind: 'say "Infinity"' };
  say({ tell: { values: told, value: 1 } });
  for (const [line, error] of Object.entries(REFUSED)) assert.deepEqual(say(line), [{ error }], line);
  assert.deepEqual(say({ best: true })[0]?.["values"], told);
  assert.deepEqual(say({ tell: { values: pending?.values, state: "infeasible" } }), [{ ok: true }]);
  assert.match(String(say('{"tell": {"id": "0", "value": NaNN}}')[0]?.["error"]), /^not a line of JSON, such as /);
});

test("accepts a trial's id with leading zeros", () => {
  const { say, ask } = converse(specOf(SPACE));
  ask(3);
  assert.deepEqual(say({ tell: { id: "02", value: 1 } }), [{ ok: true }]);
  assert.equal(say({ explain: { id: "002" } })[0]?.["error"], undefined);
});

test("reads texts that contain the words of Python's json", () => {
  const line = '{"tell": {"values": {"a \\" NaN": "Infinity", "b": NaN}, "value": 1}}';
  const read = readMessage(line);
  assert.ok(read.ok && read.message.type === "tell");
  assert.deepEqual(read.message.tell.values, { 'a " NaN': "Infinity", b: Number.NaN });
});
