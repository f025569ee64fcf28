import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pruner } from "@sintonia/tuning/pruner/contract/pruner";
import { createPruner } from "@sintonia/tuning/pruner/registry";
import { iEpoch } from "./i-epoch.js";
import type { ReplayTrial } from "./recorded-set.js";
import { replayStudy } from "./replayed-study.js";

function trialOf(values: readonly number[], seconds = 1, test: number | undefined = 0.5): ReplayTrial {
  const recorded = { trial: 0, values: {}, seed: 1, counts: [], losses: [], rates: [], seconds };
  return {
    recorded,
    objectives: values.map((_, epoch) => values.slice(0, epoch + 1)),
    learningRates: values.map((_, epoch) => values.slice(0, epoch + 1).map(() => 0.1)),
    best: Math.max(...values),
    test,
  };
}

const TRIALS = [trialOf([0.1, 0.3, 0.2]), trialOf([0.2, 0.4, 0.5]), trialOf([0.3, 0.3, 0.3, 0.3])];
const settings = { trials: TRIALS, maxEpochs: 4, rows: undefined, validationRows: 1_000 };
const NONE = { pruned: 0, beyondLimit: 0, waiting: 0, waitingBetter: 0 };
const none = createPruner({ type: "none" });
const twoEpochs: Pruner = {
  judge: ({ trial }) =>
    trial.executions[0]?.length === 2
      ? { kind: "prune", evidence: { pruner: "threshold", execution: 0, epoch: 1, value: 0, limit: 0.4 } }
      : { kind: "continue" },
  reason: () => "",
};

test("trains every epoch without a pruner, and chooses the best completed trial", () => {
  const sequential = replayStudy({ ...settings, trainers: 1 }, none);
  assert.deepEqual(sequential, { epochs: 10, seconds: 10, chosen: 1, completed: 3, ...NONE });
  const parallel = replayStudy({ ...settings, trainers: 2 }, none);
  assert.deepEqual(parallel, { epochs: 10, seconds: 7, chosen: 1, completed: 3, ...NONE });
});

test("a pruned trial trains no further epoch and is not chosen", () => {
  const result = replayStudy({ ...settings, trainers: 1 }, twoEpochs);
  assert.deepEqual(result, {
    epochs: 6,
    seconds: 6,
    chosen: undefined,
    completed: 0,
    ...NONE,
    pruned: 3,
    beyondLimit: 1,
  });
});

test("a diverged trial is not chosen", () => {
  const trials = [trialOf([0.1]), { ...trialOf([0.9]), test: undefined }];
  assert.equal(replayStudy({ ...settings, trials, trainers: 1 }, none).chosen, 0);
});

test("a paused trial goes on from its epoch when it is promoted", () => {
  const result = replayStudy({ ...settings, trainers: 2 }, iEpoch(1, 1));
  const counts = { ...NONE, waiting: 2, waitingBetter: 1 };
  assert.deepEqual(result, { epochs: 3 + 3, seconds: 5, chosen: 2, completed: 1, ...counts });
});
