import assert from "node:assert/strict";
import { test } from "node:test";
import type { Oracle } from "../oracle/contract/oracle.js";
import type { SuggestionRequest } from "../oracle/contract/suggestion.js";
import { createOracle } from "../oracle/registry.js";
import { formatProblems } from "../validation/problems.js";
import { type Answer, answerLine, startDialogue } from "./dialogue.js";
import { type OracleSpec, parseOracleSpec } from "./oracle-spec.js";

const SPACE = `parameters:
  x: { type: double, min: 0, max: 1 }
  kind: { type: categorical, values: [a, b] }
  depth: { type: integer, min: 1, max: 3, when: { kind: b } }
objective: { goal: minimize }
`;

function specOf(text: string): OracleSpec {
  const result = parseOracleSpec(text);
  assert.ok(result.ok, result.ok ? "" : formatProblems(result.problems));
  return result.spec;
}

/**
 * Returns the answers to lines in a dialogue, and the requests of the oracle, which always suggests
 * the same values.
 */
function converse(lines: readonly unknown[], text = SPACE) {
  const requests: SuggestionRequest[] = [];
  const spec = specOf(text);
  let dialogue = startDialogue(
    spec,
    oracleOf((request) => {
      requests.push(request);
      return { values: { x: 0.5, kind: "a" }, source: "random" };
    }),
  );
  const answers: (readonly Answer[])[] = [];
  for (const line of lines) {
    const reply = answerLine(dialogue, typeof line === "string" ? line : JSON.stringify(line));
    dialogue = reply.dialogue;
    answers.push(reply.answers);
  }
  return { answers, requests };
}

test("numbers suggestions from 0; suggestions without a told result are pending", () => {
  const { answers, requests } = converse([{ ask: 2 }, { tell: { id: "0", value: 3 } }, { ask: 1 }]);
  const values = { x: 0.5, kind: "a" };
  assert.deepEqual(answers, [
    [
      { id: "0", values },
      { id: "1", values },
    ],
    [{ ok: true }],
    [{ id: "2", values }],
  ]);
  assert.deepEqual(
    requests.map(({ completed, pending, trialNumber }) => [completed.length, pending.length, trialNumber]),
    [
      [0, 0, 0],
      [0, 1, 1],
      [1, 1, 2],
    ],
  );
});

test("passes ends, noise and results of the program's own values to the oracle", () => {
  const other = { x: 0.25, kind: "b", depth: 2 };
  const { answers, requests } = converse([
    { ask: 3 },
    { tell: { id: "0", state: "infeasible" } },
    { tell: { id: "1", state: "failed", value: null } },
    { tell: { id: "2", state: "pruned", value: 7 } },
    { tell: { values: other, value: 1.5, noise: 0.1 } },
    { ask: 1 },
  ]);
  assert.deepEqual(answers.slice(1, 5), [[{ ok: true }], [{ ok: true }], [{ ok: true }], [{ ok: true }]]);
  const { completed, pending, infeasible, failed, pruned, trialNumber } = requests.at(-1) as SuggestionRequest;
  const values = { x: 0.5, kind: "a" };
  assert.deepEqual(completed, [{ values: other, objective: 1.5, noiseVariance: 0.1 * 0.1 }]);
  assert.deepEqual([pending, infeasible, failed], [[], [values], [values]]);
  assert.deepEqual(pruned, [{ values, objective: 7 }]);
  assert.equal(trialNumber, 4);
});

test("assigns told values to the pending trial that has them, whatever the order of the keys", () => {
  const { answers, requests } = converse([
    { ask: 1 },
    { tell: { values: { kind: "a", x: 0.5 }, value: 1 } },
    { tell: { id: "0", value: 1 } },
    { ask: 1 },
  ]);
  assert.deepEqual(answers[1], [{ ok: true }]);
  assert.match(String(answers[2]?.[0]?.["error"]), /told already: completed/);
  assert.deepEqual([requests[1]?.completed.length, requests[1]?.pending.length], [1, 0]);
});

test("drops the told value of an inactive parameter", () => {
  const { answers, requests } = converse([
    { tell: { values: { x: 1, kind: "a", depth: 9 }, value: 1 } },
    { tell: { values: { x: 1, kind: "b", depth: 2 }, value: 1 } },
    { ask: 1 },
  ]);
  assert.deepEqual(answers.slice(0, 2), [[{ ok: true }], [{ ok: true }]]);
  assert.deepEqual(
    requests[0]?.completed.map(({ values }) => values),
    [
      { x: 1, kind: "a" },
      { x: 1, kind: "b", depth: 2 },
    ],
  );
});

test("answers an invalid line with an error and keeps the dialogue as it was", () => {
  const lines = [
    "",
    "nonsense",
    "[]",
    "null",
    "5",
    '{"ask": 0}',
    '{"ask": 1.5}',
    '{"ask": "1"}',
    '{"ask": 100000}',
    '{"asks": 1}',
    '{"ask": 1, "best": true}',
    '{"best": false}',
    "{}",
    '{"tell": {}}',
    '{"tell": {"id": "0"}}',
    '{"tell": {"id": "0", "value": 1}}',
    '{"tell": {"id": 0, "value": 1}}',
    '{"tell": {"id": "-1", "value": 1}}',
    '{"tell": {"id": "0", "values": {}, "value": 1}}',
    '{"tell": {"values": {"x": 2, "kind": "a"}, "value": 1}}',
    '{"tell": {"values": {"x": 1}, "value": 1}}',
    '{"tell": {"values": {"x": 1, "kind": "b", "depth": 9}, "value": 1}}',
    '{"tell": {"values": {"x": 1, "kind": "a", "deep": 1}, "value": 1}}',
    '{"tell": {"values": {"x": 1, "kind": "a"}, "value": 1e999}}',
    '{"tell": {"values": {"x": 1, "kind": "a"}}}',
    '{"tell": {"values": {"x": 1, "kind": "a"}, "value": 1, "noise": -1}}',
    '{"tell": {"values": {"x": 1, "kind": "a"}, "state": "cancelled"}}',
    '{"__proto__": 1}',
    '{"best": true}',
  ];
  const { answers, requests } = converse([...lines, { ask: 1 }]);
  answers.slice(0, -1).forEach((answer, i) => {
    assert.deepEqual(
      answer.map((one) => Object.keys(one)),
      [["error"]],
      lines[i],
    );
    assert.match(String(answer[0]?.["error"]), /^[^\n]+$/, lines[i]);
  });
  assert.equal(answers.at(-1)?.[0]?.["id"], "0");
  assert.equal(requests.length, 1);
});

test("records told values that no pending trial has as a new trial, also a second time", () => {
  const measured = { tell: { values: { x: 0.5, kind: "a" }, value: 1 } };
  const { answers, requests } = converse([{ ask: 1 }, measured, measured, measured, { ask: 1 }]);
  assert.deepEqual(answers.slice(1, 4), [[{ ok: true }], [{ ok: true }], [{ ok: true }]]);
  assert.deepEqual([requests[1]?.completed.length, requests[1]?.trialNumber], [3, 3]);
});

test("suggests enqueued values first", () => {
  const text = `${SPACE}enqueue: [{ x: 0.125, kind: a }, { kind: b, depth: 2, x: 1 }]\n`;
  const { answers, requests } = converse([{ ask: 3 }], text);
  assert.deepEqual(
    answers[0]?.map(({ values }) => values),
    [
      { x: 0.125, kind: "a" },
      { x: 1, kind: "b", depth: 2 },
      { x: 0.5, kind: "a" },
    ],
  );
  assert.equal(requests.length, 1);
});

test("uses warm-start observations and never names one of them as the best", () => {
  const inside = "{ values: { x: 0.125, kind: a, old: 3 }, objective: -5 }";
  const outside = "{ values: { x: 9 }, objective: 0 }";
  const text = `${SPACE}warmStart: [${inside}, ${outside}]\n`;
  const tells = [0.2, 0.4, 0.6, 0.8].map((x) => ({ tell: { values: { x, kind: "a" }, value: x } }));
  const { answers, requests } = converse([{ ask: 1 }, ...tells, { best: true }], text);
  assert.deepEqual(requests[0]?.completed, [{ values: { x: 0.125, kind: "a" }, objective: -5 }]);
  assert.equal(requests[0]?.trialNumber, 0);
  assert.deepEqual(answers.at(-1)?.[0]?.["values"], { x: 0.2, kind: "a" });
});

test("answers that an oracle is exhausted", () => {
  const dialogue = startDialogue(
    specOf(SPACE),
    oracleOf(() => "exhausted"),
  );
  assert.deepEqual(answerLine(dialogue, '{"ask": 1}').answers, [
    {
      exhausted: true,
      reason:
        "the oracle bayesian has no point left (0 suggested, 0 told by the program); " +
        "widen the parameters, or choose another oracle",
    },
  ]);
  const told = answerLine(dialogue, '{"tell": {"values": {"x": 0.5, "kind": "a"}, "value": 1}}').dialogue;
  const [answer] = answerLine(told, '{"ask": 3}').answers;
  assert.deepEqual(answer, {
    exhausted: true,
    reason:
      "the oracle bayesian has no point left (0 suggested, 1 told by the program); " +
      "widen the parameters, or choose another oracle",
  });
});

test("names the trial of the best posterior mean, with an interval that contains the true objective", () => {
  // A parabola with its minimum at 0.3, with fixed noise of standard deviation 0.05.
  const noise = [0.4, -1.1, 0.9, 0.2, -0.5, 1.3, -0.2, -0.9, 0.6, -1.6, 1.0];
  const tells = noise.map((z, i) => ({
    tell: { values: { x: i / 10, kind: "a" }, value: (i / 10 - 0.3) ** 2 + 0.05 * z, noise: 0.05 },
  }));
  const { answers } = converse([...tells, { best: true }]);
  const best = answers.at(-1)?.[0] as { id: string; values: { x: number }; mean: number; interval: [number, number] };
  assert.ok(Math.abs(best.values.x - 0.3) <= 0.2, JSON.stringify(best));
  assert.equal(best.id, String(Math.round(best.values.x * 10)));
  const truth = (best.values.x - 0.3) ** 2;
  assert.ok(best.interval[0] <= truth && truth <= best.interval[1], JSON.stringify(best));
  assert.ok(best.interval[0] <= best.mean && best.mean <= best.interval[1]);
});

test("names the best of trials one of which diverged", () => {
  const tells = Array.from({ length: 11 }, (_, i) => ({
    tell: { values: { x: i / 10, kind: "a" }, value: i === 10 ? 1e300 : (i / 10 - 0.3) ** 2 },
  }));
  const best = converse([...tells, { best: true }]).answers.at(-1)?.[0];
  assert.equal(best?.["id"], "3", JSON.stringify(best));
});

test("names the largest objective under maximize, and the best measured trial while there is no surrogate", () => {
  const tells = [1, 3].map((value) => ({ tell: { values: { x: value / 10, kind: "a" }, value } }));
  const ofGoal = (goal: string) =>
    converse([...tells, { best: true }], SPACE.replace("minimize", goal)).answers[2]?.[0];
  assert.deepEqual(ofGoal("maximize"), { id: "1", values: { x: 0.3, kind: "a" }, value: 3, mean: 3, interval: null });
  assert.equal(ofGoal("minimize")?.["id"], "0");
});

test("reads the oracle's part of a whole study spec, with defaults", () => {
  const spec = specOf("name: whole\nmodel: {}\ntraining: {}\nbudget: { maxTrials: 3 }\nparameters: {}\n");
  assert.deepEqual(spec.objective, { goal: "minimize" });
  assert.deepEqual([spec.seed, spec.oracle], [0, { type: "bayesian" }]);
  const result = parseOracleSpec("parameters: {}\nparamters: {}\n");
  assert.ok(!result.ok && result.problems[0]?.path === "paramters");
});

test("gives the same answers to the same lines", () => {
  const lines = ['{"ask": 4}', '{"tell": {"id": "0", "value": 1}}', '{"tell": {"id": "1", "value": 2}}', '{"ask": 2}'];
  for (const type of ["bayesian", "random"] as const) {
    const [first, second] = [1, 2].map(() => {
      let dialogue = startDialogue(specOf(SPACE), createOracle({ type }));
      return lines.flatMap((line) => {
        const reply = answerLine(dialogue, line);
        dialogue = reply.dialogue;
        return reply.answers;
      });
    });
    assert.deepEqual(first, second);
  }
});

/** Returns an oracle that explains nothing. */
function oracleOf(suggest: Oracle["suggest"]): Oracle {
  return { suggest, explain: () => "exhausted" };
}
