import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { Goal } from "@sintonia/tuning/objective/goal";
import type { LearningCurve, Verdict } from "@sintonia/tuning/pruner/contract/pruner";
import type { PrunerSettings } from "@sintonia/tuning/pruner/contract/settings";
import { createPruner } from "@sintonia/tuning/pruner/registry";
import { signedRankTest } from "@sintonia/tuning/pruner/signed-rank/signed-rank-test";

// The verdicts that tests/optuna/record.py recorded from Optuna, and p-values of scipy.

/** Relative: sums of up to 80 float64 terms in another order, and another normal distribution. */
const TOLERANCE = 1e-12;

interface RecordedStudy {
  readonly goal: Goal;
  readonly maxEpochs: number;
  readonly pruner: PrunerSettings;
  readonly trials: readonly { readonly objectives: readonly number[]; readonly pruned: number | null }[];
}

const FILE = new URL("../../optuna/pruners.json", import.meta.url);
const { studies, signedRanks } = JSON.parse(readFileSync(FILE, "utf8")) as {
  readonly studies: readonly RecordedStudy[];
  readonly signedRanks: readonly { readonly differences: readonly number[]; readonly p: number }[];
};

describe("pruners end the trials that Optuna's end, in the same epochs", () => {
  for (const [index, study] of studies.entries()) {
    it(`study ${index}: ${study.pruner.type}, ${study.goal}`, () => {
      assert.deepEqual(
        prunedEpochs(study),
        study.trials.map(({ pruned }) => pruned),
      );
    });
  }
});

it("has recorded trials of each pruner that were pruned, and ones that were not", () => {
  for (const { pruner, trials } of studies) {
    const pruned = trials.filter((trial) => trial.pruned !== null).length;
    assert.ok(pruned > 0 && pruned < trials.length, pruner.type);
  }
});

it("the signed-rank test has scipy's p-values", () => {
  for (const { differences, p } of signedRanks) {
    const actual = signedRankTest(differences);
    assert.ok(Math.abs(actual - p) <= TOLERANCE * p, `${actual} instead of ${p} of ${differences.length}`);
  }
});

/** Runs a recorded study's trials one after another. Returns the epoch of each that was pruned. */
function prunedEpochs({ goal, maxEpochs, pruner: settings, trials }: RecordedStudy): (number | null)[] {
  const pruner = createPruner(settings);
  const others: LearningCurve[] = [];
  return trials.map(({ objectives }, trialNumber) => {
    const pruned = objectives.findIndex((_, epoch) => {
      const trial = curveOf(trialNumber, "running", objectives.slice(0, epoch + 1));
      return ends(pruner.judge({ goal, trial, others, maxEpochs, executions: 1 }), settings);
    });
    const isPruned = pruned >= 0;
    const reported = isPruned ? objectives.slice(0, pruned + 1) : objectives;
    others.push(curveOf(trialNumber, isPruned ? "pruned" : "completed", reported));
    return isPruned ? pruned : null;
  });
}

function curveOf(trialNumber: number, state: LearningCurve["state"], objectives: readonly number[]): LearningCurve {
  return { trialNumber, state, executions: [objectives], learningRates: [objectives.map(() => 0)], promotedFrom: 0 };
}

/**
 * Returns true if a verdict ends a trial. Optuna ends a trial that ours pauses, unless fewer trials
 * than one promotion needs have reached the rung and this trial is the best of them.
 */
function ends(verdict: Verdict, settings: PrunerSettings): boolean {
  if (verdict.kind !== "pause") return verdict.kind === "prune";
  const { value, limit, trials = 0 } = verdict.evidence;
  return !(settings.type === "asha" && trials < settings.reductionFactor && value === limit);
}
