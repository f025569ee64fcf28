import assert from "node:assert/strict";
import { test } from "node:test";
import * as fixture from "./dialogue.fixture.js";
import type { Answer } from "./dialogue.js";

const SPACE = `parameters:
  x: { type: double, min: 0, max: 1 }
  y: { type: double, min: 0, max: 1 }
enqueue: [{ x: 0.2, y: 0.3 }]
`;

function converse(lines: readonly unknown[]): readonly (readonly Answer[])[] {
  const { say } = fixture.converse(fixture.specOf(SPACE));
  return lines.map(say);
}

/**
 * Runs two trials at a time, each told after the next one was asked for, and tells one of its own
 * values.
 */
const LINES = [
  { ask: 2 },
  ...[0, 1, 2, 3, 4].flatMap((id) => [{ tell: { id: String(id), value: Math.cos(id) } }, { ask: 1 }]),
  { tell: { values: { x: 0.9, y: 0.9 }, value: 3 } },
  { tell: { id: "6", state: "failed" } },
  { ask: 1 },
];

test("explains each suggestion from the history at that time, whatever was told since", () => {
  const ids = ["0", "1", "2", "3", "4", "5", "6", "8"];
  const answers = converse([...LINES, ...ids.map((id) => ({ explain: { id } }))]);
  const asked = new Map(answers.flat().flatMap(({ id, values, source }) => (source ? [] : [[id, values] as const])));
  const explained = answers.slice(LINES.length).map(([answer]) => answer ?? {});
  for (const { id, values, error } of explained) {
    assert.equal(error, undefined);
    assert.deepEqual(values, asked.get(id));
  }
  assert.deepEqual(
    explained.map(({ source }) => source),
    ["enqueued", "initial-design", "initial-design", "model", "model", "model", "model", "model"],
  );
  const known = explained.map((answer) => answer["known"] as Record<string, number & unknown[]>);
  assert.deepEqual(
    known.map(({ completed, pending, failed }) => [completed, pending?.length, failed]),
    [
      [0, 0, 0],
      [0, 1, 0],
      [1, 1, 0],
      [2, 1, 0],
      [3, 1, 0],
      [4, 1, 0],
      [5, 1, 0],
      [6, 1, 1],
    ],
  );
});

test("names the reason where there is no explanation", () => {
  const answers = converse([...LINES, { explain: { id: "7" } }, { explain: { id: "99" } }, { explain: {} }]);
  const errors = answers.slice(LINES.length).map(([answer]) => String(answer?.["error"]));
  assert.equal(errors[0], "trial 7 was not suggested: the program told its own values");
  assert.equal(errors[1], 'no suggestion has the id "99"; the ids are "0" to "8"');
  assert.match(errors[2] ?? "", /^explain\.id: /);
});
