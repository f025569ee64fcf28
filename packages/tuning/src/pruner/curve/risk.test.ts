import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random/random.js";
import type { LearningCurve, Pruner, PruningRequest } from "../contract/pruner.js";
import { completedTrials, curveOf, evidenceOf, requestOf, verdictsOn } from "../curves.fixture.js";
import { judgeByRisk } from "./risk.js";

const pruner: Pruner = { judge: (request) => judgeByRisk(request, 0.01), reason: () => "" };

/** Returns the curve of a power law that ends at `end` and starts `rise` below. */
function powerLaw(end: number, rise: number, epochs = 30): number[] {
  return Array.from({ length: epochs }, (_, epoch) => end - rise * (epoch + 1) ** -1);
}

const GOOD = completedTrials(powerLaw(0.9, 0.2), powerLaw(0.91, 0.21), powerLaw(0.905, 0.19), powerLaw(0.9, 0.21));

/** Returns a curve with learning rates. */
function phased(number: number, state: LearningCurve["state"], objectives: number[], rates: number[]): LearningCurve {
  return { ...curveOf(number, state, objectives), learningRates: [rates] };
}

test("prunes a hopeless trial early, and none that may still win", () => {
  assert.match(verdictsOn(pruner, powerLaw(0.6, 0.2), GOOD), /^cp/);
  assert.match(verdictsOn(pruner, powerLaw(0.95, 0.2), GOOD), /^c+$/);
  assert.match(verdictsOn(pruner, powerLaw(0.95, 0.4), GOOD), /^c+$/);
});

test("says nothing before two trials completed, nor about the first epoch", () => {
  const bad = [0.1, 0.1, 0.1, 0.1];
  assert.equal(verdictsOn(pruner, bad, GOOD.slice(0, 1)), "cccc");
  assert.equal(verdictsOn(pruner, bad, GOOD.slice(0, 2)), "cppp");
  const others = GOOD.map((curve) => ({ ...curve, state: "pruned" as const }));
  assert.equal(verdictsOn(pruner, bad, others), "cccc");
});

test("gives the same verdicts for losses, whatever their unit", () => {
  for (const end of [0.6, 0.8, 0.88, 0.9, 0.95]) {
    const expected = verdictsOn(pruner, powerLaw(end, 0.2), GOOD);
    for (const unit of [1, 2 ** -990, 2 ** 990]) {
      const loss = (score: number) => (1 - score) * unit;
      const others = GOOD.map((curve) =>
        curveOf(curve.trialNumber, "completed", (curve.executions[0] ?? []).map(loss)),
      );
      const losses = powerLaw(end, 0.2).map(loss);
      assert.equal(verdictsOn(pruner, losses, others, { goal: "minimize" }), expected, `${end} ${unit}`);
    }
  }
});

test("does not depend on the order of the completed trials", () => {
  const trial = curveOf(9, "running", powerLaw(0.87, 0.2, 6));
  const verdict = pruner.judge(requestOf(trial, GOOD));
  assert.deepEqual(pruner.judge(requestOf(trial, GOOD.toReversed())).kind, verdict.kind);
});

/** Returns a flat curve that jumps when its learning rate falls. */
function jumping(level: number, jump: number, fall: number, epochs = 20): [number[], number[]] {
  const after = (epoch: number) => epoch >= fall;
  const numbers = Array.from({ length: epochs }, (_, epoch) => epoch);
  return [
    numbers.map((epoch) => level + (after(epoch) ? jump : 0)),
    numbers.map((epoch) => (after(epoch) ? 0.001 : 0.01)),
  ];
}

test("waits for a reduction of the learning rate that is still due", () => {
  const others = [0, 1, 2, 3].map((number) => phased(number, "completed", ...jumping(0.9, 0.05, 10)));
  const [objectives, rates] = jumping(0.91, 0.05, 18);
  const before = phased(4, "running", objectives.slice(0, 17), rates.slice(0, 17));
  assert.equal(pruner.judge(requestOf(before, others)).kind, "continue", "a jump of 0.05 is due");
  const flat = others.map((curve) => ({ ...curve, learningRates: [(curve.learningRates[0] ?? []).map(() => 0.01)] }));
  assert.equal(pruner.judge(requestOf(before, flat)).kind, "prune", "without phases the jump is over");
});

test("compares trials in the same phase, and rests after a reduction", () => {
  const others = [0, 1, 2, 3].map((number) => phased(number, "completed", ...jumping(0.9, 0.05, 5)));
  const [objectives, rates] = jumping(0.85, 0.05, 12);
  const verdicts = objectives.map((_, epoch) => {
    const trial = phased(4, "running", objectives.slice(0, epoch + 1), rates.slice(0, epoch + 1));
    return pruner.judge(requestOf(trial, others)).kind[0];
  });
  assert.equal(verdicts.slice(12, 15).join(""), "ccp");
});

test("a schedule that changes the rate in every epoch has no phases", () => {
  const rates = Array.from({ length: 30 }, (_, epoch) => 0.5 ** epoch);
  const others = GOOD.map((curve) => ({ ...curve, learningRates: [rates] }));
  const trial = phased(4, "running", powerLaw(0.6, 0.2, 5), rates.slice(0, 5));
  assert.equal(pruner.judge(requestOf(trial, others)).kind, "prune");
});

test("tolerates what a measurement cannot tell: the fewer rows, the earlier it prunes", () => {
  const epochs = (rows: number) => verdictsOn(pruner, powerLaw(0.91, 0.2), GOOD, { rows }).replace(/p+$/, "").length;
  assert.ok(epochs(100) < epochs(10_000), `${epochs(100)} ${epochs(10_000)}`);
  assert.equal(epochs(1e9), 30);
});

test("trusts itself less where its forecasts failed on the completed trials", () => {
  const late = (end: number) => [...powerLaw(0.8, 0.2, 20), ...Array.from({ length: 10 }, () => end)];
  const surprising = completedTrials(late(0.8), late(0.95), late(0.8), late(0.86), late(0.8), late(0.9));
  assert.doesNotMatch(verdictsOn(pruner, powerLaw(0.79, 0.2, 19), surprising), /p/);
  const calm = completedTrials(...[0, 1, 2, 3, 4, 5].map((n) => late(0.9 + n / 1000)));
  assert.match(verdictsOn(pruner, powerLaw(0.7, 0.2, 19), calm), /p/);
});

test("prunes few of the trials that would have ended better than its limit", () => {
  const random = createRandom(7);
  const draw = () => {
    const noisy = powerLaw(0.9 + 0.02 * random.normal(), 0.1 * Math.exp(0.5 * random.normal()));
    return noisy.map((value) => value + 0.002 * random.normal());
  };
  let [better, wrong, pruned] = [0, 0, 0];
  for (let study = 0; study < 150; study++) {
    const others = completedTrials(...Array.from({ length: 2 + random.integer(10) }, draw));
    const objectives = draw();
    const best = Math.max(...others.map(({ executions }) => Math.max(...(executions[0] ?? []))));
    const isBetter = Math.max(...objectives) > best + 0.006;
    const isPruned = /p/.test(verdictsOn(pruner, objectives, others));
    better += isBetter ? 1 : 0;
    wrong += isBetter && isPruned ? 1 : 0;
    pruned += isPruned ? 1 : 0;
  }
  assert.ok(better > 10 && wrong <= 2, `${wrong} of ${better}`);
  assert.ok(pruned > 75, `${pruned} of 150`);
});

test("judges the mean of the executions", () => {
  const others = [0, 1, 2].map((number) => curveOf(number, "completed", powerLaw(0.9, 0.2), powerLaw(0.9, 0.2)));
  const second = (first: number): PruningRequest =>
    requestOf(curveOf(3, "running", powerLaw(first, 0.2), powerLaw(0.9, 0.2, 10)), others, { executions: 2 });
  assert.equal(pruner.judge(second(0.99)).kind, "continue");
  const { execution, limit } = evidenceOf(pruner.judge(second(0.8)));
  assert.equal(execution, 1);
  assert.ok(Math.abs(limit - (2 * (0.9 - 0.2 / 30) - (0.8 - 0.2 / 30))) < 0.001, `${limit}`);
});

test("keeps its head with constant objectives", () => {
  const others = completedTrials([1, 1, 1], [1, 1, 1]);
  assert.equal(verdictsOn(pruner, [1, 1, 1], others)[0], "c");
  assert.equal(verdictsOn(pruner, [0, 0, 0], others), "cpp");
  assert.equal(verdictsOn(pruner, [2, 2, 2], others), "ccc");
});
