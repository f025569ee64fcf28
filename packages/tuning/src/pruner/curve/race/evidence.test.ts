import assert from "node:assert/strict";
import { test } from "node:test";
import type { LearningCurve } from "../../contract/pruner.js";
import { curveOf, requestOf } from "../../curves.fixture.js";
import { evidenceAt } from "./evidence.js";

/** Returns trials at the first rung with the scores 0.00, 0.01, ... */
function atFirstRung(count: number, change: (i: number) => Partial<LearningCurve> = () => ({})): LearningCurve[] {
  return Array.from({ length: count }, (_, i) => ({ ...curveOf(i, "paused", [i / 100]), ...change(i) }));
}

function limitAt(others: readonly LearningCurve[], finalists: number | undefined, objective = -1): number {
  const epochs = others[0]?.executions[0]?.length as number;
  const trial = curveOf(
    others.length,
    "running",
    Array.from({ length: epochs }, () => objective),
  );
  return evidenceAt(epochs, requestOf(trial, others), finalists).limit;
}

test("the limit is the score of the last trial that the rung lets pass", () => {
  assert.equal(limitAt(atFirstRung(39), undefined), 0.29, "the best quarter of 40");
  assert.equal(limitAt(atFirstRung(39), 3), 0.27, "4 f = 12 stated finalists");
  assert.equal(limitAt(atFirstRung(19), 3), 0.09, "half of 20");
  const later = Array.from({ length: 60 }, (_, i) => curveOf(i, "ended"));
  const high = Array.from({ length: 5 }, (_, i) => curveOf(60 + i, "paused", new Array(16).fill(i / 100)));
  const all = [...high, ...later].sort((a, b) => a.trialNumber - b.trialNumber);
  const { limit } = evidenceAt(16, requestOf(curveOf(65, "running", new Array(16).fill(-1)), all), undefined);
  assert.equal(limit, 0.01, "4 of 66 trials are finalists, more than a quarter of 6");
});

test("trials that were promoted before later ones overtook them have taken places", () => {
  const early = atFirstRung(39, (i) => (i < 2 ? { promotedFrom: 1, state: "running" } : {}));
  assert.equal(limitAt(early, 3), 0.29);
  const last = atFirstRung(39, (i) => (i === 27 ? { promotedFrom: 1, state: "running" } : {}));
  assert.equal(limitAt(last, 3), 0.27, "the last one to go on is not overtaken");
  assert.equal(limitAt(early, 1), 0.29, "a quarter passes in any case");
});

test("the limit of a trial that is as good as those that pass is its own score", () => {
  assert.equal(limitAt(atFirstRung(39), 3, 0.285), 0.285);
  assert.equal(limitAt(atFirstRung(39), 3, 0.26), 0.27);
});
