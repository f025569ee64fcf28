import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../random/random.js";
import type { LearningCurve } from "../contract/pruner.js";
import { createPruner } from "../registry.js";
import { hyperbandBrackets } from "./hyperband-brackets.js";
import { runStudy, type SimulatedStudy } from "./study.fixture.js";

interface DrawnStudy extends Omit<SimulatedStudy, "pruner" | "onPromotion"> {
  readonly seed: number;
  readonly minEpochs: number;
  readonly reductionFactor: number;
  readonly isHyperband: boolean;
}

const drawn: fc.Arbitrary<DrawnStudy> = fc.record({
  seed: fc.nat(1e6),
  trials: fc.integer({ min: 1, max: 30 }),
  trainers: fc.integer({ min: 1, max: 8 }),
  maxEpochs: fc.integer({ min: 1, max: 30 }),
  minEpochs: fc.integer({ min: 1, max: 4 }),
  reductionFactor: fc.integer({ min: 2, max: 4 }),
  failures: fc.constantFrom(0, 0, 0.05),
  earlyEnds: fc.constantFrom(0, 0, 0.1),
  isHyperband: fc.boolean(),
});

function run(study: DrawnStudy, onPromotion: SimulatedStudy["onPromotion"] = () => {}): readonly LearningCurve[] {
  const { seed, minEpochs, reductionFactor, isHyperband } = study;
  const pruner = createPruner({ type: isHyperband ? "hyperband" : "asha", minEpochs, reductionFactor });
  return runStudy({ ...study, pruner, onPromotion }, createRandom(seed));
}

test("only the best floor(n / reductionFactor) of a rung are promoted before the end", () => {
  fc.assert(
    fc.property(drawn, (study) => {
      run(study, ({ trialNumber, rung }, trials, isLast) => {
        const standing = standings(study, trials, trialNumber, rung);
        const most = Math.floor(standing.length / study.reductionFactor);
        const allowed = isLast ? Math.max(1, most) : most;
        const better = standing.findIndex((curve) => curve.trialNumber === trialNumber);
        // In the end, trials that can no longer complete make room for the best of the others.
        const lost = isLast ? standing.slice(0, better).filter(isLost).length : 0;
        assert.ok(better >= 0 && better - lost < allowed, `${trialNumber} at ${rung}: ${better} of ${allowed}`);
      });
    }),
  );
});

test("a trial is promoted once from each rung, from lower ones first", () => {
  fc.assert(
    fc.property(drawn, (study) => {
      run(study, ({ trialNumber, rung }, trials) => {
        const trial = trials[trialNumber] as LearningCurve;
        assert.ok(rung > trial.promotedFrom && trial.executions[0]?.length === rung);
      });
    }),
  );
});

test("a study ends, no trial waits, and one has completed unless all have failed or were pruned before", () => {
  fc.assert(
    fc.property(drawn, (study) => {
      const trials = run(study);
      const count = (state: LearningCurve["state"]) => trials.filter((trial) => trial.state === state).length;
      assert.equal(count("completed") + count("pruned") + count("ended"), study.trials);
      assert.ok(count("completed") > 0 || count("pruned") === 0);
    }),
  );
});

test("whatever the order of reports, the best floor(n / reductionFactor) of a rung have gone on", () => {
  fc.assert(
    fc.property(drawn, (settings) => {
      const study = { ...settings, failures: 0 };
      const trials = run(study);
      for (const { trialNumber, promotedFrom, state, executions } of trials) {
        if (state !== "pruned") continue;
        const rung = executions[0]?.length as number;
        assert.ok(promotedFrom < rung);
        const standing = standings(study, trials, trialNumber, rung);
        const most = Math.max(1, Math.floor(standing.length / study.reductionFactor));
        assert.ok(standing.findIndex((curve) => curve.trialNumber === trialNumber) >= most);
      }
    }),
  );
});

function isLost({ state }: LearningCurve): boolean {
  return state === "ended" || state === "pruned";
}

/** Returns the trials at a rung of a trial's bracket, the best first, by the rule's words. */
function standings(study: DrawnStudy, trials: readonly LearningCurve[], trialNumber: number, rung: number) {
  const { maxEpochs, minEpochs, reductionFactor, isHyperband } = study;
  const { bracketOf } = hyperbandBrackets(maxEpochs, minEpochs, reductionFactor);
  const bracket = (number: number) => (isHyperband ? bracketOf(number).number : 0);
  const best = ({ executions }: LearningCurve) => Math.max(...(executions[0] ?? []).slice(0, rung));
  return trials
    .filter((curve) => bracket(curve.trialNumber) === bracket(trialNumber))
    .filter(({ state, executions }) => (executions[0]?.length ?? 0) >= rung || state === "completed")
    .sort((a, b) => best(b) - best(a) || a.trialNumber - b.trialNumber);
}
