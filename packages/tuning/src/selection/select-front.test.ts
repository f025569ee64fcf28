import assert from "node:assert/strict";
import { test } from "node:test";
import type { Aims } from "../objective/outcomes.js";
import { FRONT_MAX, selectTrial } from "./select-front.js";
import type { SelectionRequest } from "./selection-request.js";

const AIMS: Aims = {
  objectives: [
    { name: "loss", goal: "minimize" },
    { name: "size", goal: "minimize" },
  ],
  limits: [],
};

/** Trials on the front loss + size = count - 1, without a model. */
function requestOf(count: number): SelectionRequest {
  const trials = Array.from({ length: count }, (_, i) => ({
    id: String(i),
    values: { x: i },
    objective: i,
    outcomes: { loss: { value: i }, size: { value: count - 1 - i } },
  }));
  const space = { x: { type: "integer", min: 0, max: count, step: 1, scale: "linear" } } as const;
  const history = { space, goal: "minimize", aims: AIMS, completed: [], pending: [], infeasible: [], seed: 1 } as const;
  return { rule: "posterior-mean", history: { ...history, trialNumber: count }, trials };
}

test("picks the middle of an even front, or the end that weights ask for", () => {
  const { rule, trialId, front, tied } = selectTrial(requestOf(5));
  assert.deepEqual([rule, trialId, front?.length, tied], ["knee", "2", 5, []]);
  const weighted = selectTrial({ ...requestOf(5), pick: { weights: { loss: 1, size: 3 } } });
  assert.deepEqual([weighted.rule, weighted.trialId], ["weights", "4"]);
});

test("lists a large front in part, with its ends and the picked trial, and says so", () => {
  const whole = selectTrial(requestOf(FRONT_MAX));
  assert.deepEqual([whole.front?.length, whole.note], [FRONT_MAX, undefined]);
  const { trialId, front = [], note } = selectTrial(requestOf(1_001));
  const ids = front.map(({ trialId: id }) => id);
  assert.ok(ids.length >= FRONT_MAX - 1 && ids.length <= FRONT_MAX);
  assert.deepEqual([ids[0], ids.at(-1), ids.includes(trialId), trialId], ["0", "1000", true, "500"]);
  assert.equal(note, `The front has 1001 trials, of which ${ids.length} are listed.`);
  assert.ok(JSON.stringify(front).length < 100_000);
});

test("estimates measured outcomes, and no count, which is known", () => {
  const aims: Aims = {
    ...AIMS,
    objectives: [
      { name: "loss", goal: "minimize" },
      { name: "parameters", goal: "minimize" },
    ],
  };
  const trials = requestOf(6).trials.map((trial, i) => {
    const outcomes = { loss: { value: i, noiseVariance: 0.01 }, parameters: { value: 10 - i } };
    return { ...trial, noiseVariance: 0.01, outcomes };
  });
  const { history, ...request } = requestOf(6);
  const { front = [] } = selectTrial({ ...request, trials, history: { ...history, aims, completed: trials } });
  assert.equal(front.length, 6);
  for (const { outcomes } of front) {
    assert.ok(outcomes["loss"]?.expected !== undefined);
    assert.equal(outcomes["parameters"]?.expected, undefined);
  }
});
