import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../../random/random.js";
import type { LearningCurve } from "../../contract/pruner.js";
import { curvePruner } from "../../curve.js";
import { runStudy, type SimulatedStudy } from "../../halving/study.fixture.js";

interface DrawnRace extends Omit<SimulatedStudy, "pruner" | "onPromotion"> {
  readonly seed: number;
  readonly finalists: number | undefined;
}

const drawn: fc.Arbitrary<DrawnRace> = fc.record({
  seed: fc.nat(1e6),
  trials: fc.integer({ min: 1, max: 50 }),
  trainers: fc.integer({ min: 1, max: 8 }),
  maxEpochs: fc.integer({ min: 1, max: 70 }),
  failures: fc.constantFrom(0, 0, 0.05),
  earlyEnds: fc.constantFrom(0, 0, 0.1),
  finalists: fc.constantFrom(undefined, undefined, 1, 3, 100),
});

function run({ finalists, ...study }: DrawnRace, onPromotion: SimulatedStudy["onPromotion"] = () => {}) {
  const pruner = curvePruner({ type: "curve", risk: 0.01, ...(finalists !== undefined && { finalists }) });
  return runStudy({ ...study, pruner, onPromotion }, createRandom(study.seed));
}

const count = (trials: readonly LearningCurve[], state: LearningCurve["state"]) =>
  trials.filter((trial) => trial.state === state).length;

test("a race ends, no trial waits, and one has completed unless all have failed", () => {
  fc.assert(
    fc.property(drawn, (race) => {
      const trials = run(race);
      assert.equal(count(trials, "completed") + count(trials, "pruned") + count(trials, "ended"), race.trials);
      assert.ok(count(trials, "completed") > 0 || count(trials, "pruned") === 0);
    }),
  );
});

test("a trial is promoted once from each rung, in the rung's epoch", () => {
  fc.assert(
    fc.property(drawn, (race) => {
      run(race, ({ trialNumber, rung }, trials) => {
        const trial = trials[trialNumber] as LearningCurve;
        assert.ok(rung > trial.promotedFrom && trial.executions[0]?.length === rung);
      });
    }),
  );
});

test("the finalists complete or are pruned on the way, as long as there are so many trials", () => {
  fc.assert(
    fc.property(drawn, (race) => {
      const { trials: total, finalists = Math.max(1, Math.floor(total / 16)) } = race;
      const trials = run({ ...race, failures: 0 });
      const reached = trials.filter(({ state, promotedFrom }) => state === "completed" || promotedFrom > 0);
      assert.ok(reached.length >= Math.min(finalists, total), `${reached.length} of ${finalists}`);
    }),
  );
});
