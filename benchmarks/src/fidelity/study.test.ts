import assert from "node:assert/strict";
import { test } from "node:test";
import { FIDELITY_PROBLEMS, type FidelityProblem, fidelityProblem } from "./problems.js";
import { AccountedStudy, CHECKPOINTS } from "./study.js";

const LINE: FidelityProblem = {
  description: "x",
  space: { x: { type: "double", min: 0, max: 1, scale: "linear" } },
  maxEpochs: 4,
  minimum: 0,
  valueAt: ({ x }, epoch) => (x as number) + 4 - epoch,
  truth: ({ x }) => x as number,
};

test("counts each epoch of a trial once, and hands in the trial with the most epochs", () => {
  const study = new AccountedStudy(LINE, { seed: 1, budget: CHECKPOINTS });
  assert.equal(study.train("a", { x: 0.5 }, 2), 2.5);
  assert.equal(study.train("a", { x: 0.5 }, 2), 2.5);
  study.train("b", { x: 0.25 }, 1);
  assert.deepEqual(study.regrets, [0.5, 0.5, 0.5]);
  study.train("b", { x: 0.25 }, 2);
  assert.deepEqual(study.regrets, [0.5, 0.5, 0.5, 0.25]);
  study.train("c", { x: 0 }, CHECKPOINTS);
  assert.equal(study.isOver, true);
  assert.equal(study.regrets.length, CHECKPOINTS);
  assert.equal(study.trials, 3);
});

test("the last fidelity of a Hartmann function is its known minimum at the known optimum", () => {
  const optima = {
    "hartmann-3-good": [0.114614, 0.555649, 0.852547],
    "hartmann-6-bad": [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573],
  };
  for (const [name, optimum] of Object.entries(optima)) {
    const problem = fidelityProblem(name);
    const values = Object.fromEntries(optimum.map((x, k) => [`x${k}`, x]));
    assert.ok(Math.abs(problem.truth(values) - problem.minimum) < 1e-4, name);
    assert.equal(problem.valueAt(values, problem.maxEpochs, 1), problem.truth(values));
    assert.equal(problem.valueAt(values, 1, 1), problem.valueAt(values, 1, 1), "the same seed, the same noise");
    assert.notEqual(problem.valueAt(values, 1, 1), problem.valueAt(values, 1, 2));
  }
  assert.equal(Object.keys(FIDELITY_PROBLEMS).length, 5);
});
