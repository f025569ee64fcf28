import { SelectionRule, Study, StudyState, Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";

const SPEC = {
  name: "mnist-init",
  objective: { metric: "val_accuracy", goal: "maximize" },
  budget: { maxTrials: 3, executionsPerTrial: 1, maxConsecutiveFailures: 3, maxAttemptsPerTrial: 3 },
  seed: 2300,
  oracle: { type: "bayesian" },
  parameters: { stddev: { type: "double", min: 0.01, max: 0.1, scale: "linear" } },
  dataset: { name: "mnist", split: { train: [0, 50000], validation: [50000, 60000] } },
  model: { layers: [{ units: 800, kernelInitializer: { type: "RandomNormal", stddev: "$stddev" } }] },
  training: { optimizer: { type: "adam", learningRate: 0.00168 }, batchSize: 256 },
  published: { source: "Lab sheet", testAccuracy: 0.9845, valAccuracy: 0.9851 },
};

/** Returns a completed study of three trials, one of which failed. */
export function endedStudy(): Study {
  return Study.fromPartial({
    id: "mnist-init",
    name: "mnist-init",
    state: StudyState.COMPLETED,
    specJson: JSON.stringify(SPEC),
    objectiveMetric: "val_accuracy",
    maxTrials: 3,
    bestTrialId: "01",
    activeSeconds: 157,
    selection: {
      rule: SelectionRule.POSTERIOR_MEAN,
      trialId: "01",
      expected: { mean: 0.98471, low: 0.98402, high: 0.9854 },
      tiedTrialIds: ["00"],
      bestMeasuredTrialId: "00",
    },
    test: { loss: 0.0774, accuracy: 0.9845, accuracyLow: 0.9819, accuracyHigh: 0.9867, examples: 10000 },
  });
}

/** Returns the trials of the study. */
export function endedTrials(): Trial[] {
  const value = (stddev: number) => ({ stddev: { kind: { $case: "doubleValue" as const, value: stddev } } });
  return [
    Trial.fromPartial({
      id: "00",
      state: TrialState.COMPLETED,
      values: value(0.05),
      objective: 0.98512,
      epochs: 40,
      startedAt: new Date(0),
      endedAt: new Date(61_000),
    }),
    Trial.fromPartial({ id: "01", state: TrialState.COMPLETED, values: value(0.037), objective: 0.98508, epochs: 30 }),
    Trial.fromPartial({ id: "02", state: TrialState.FAILED, values: value(0.1), message: "no | bar" }),
  ];
}
