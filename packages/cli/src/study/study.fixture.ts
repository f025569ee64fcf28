import {
  Goal,
  Measurement,
  Selection,
  SelectionRule,
  Study,
  StudyState,
  Trial,
  TrialState,
} from "@sintonia/proto/sintonia/v1/study";

/** Returns the time `seconds` after midnight of 1 January 2026, UTC. */
export function at(seconds: number): Date {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
}

/** An active study of ten trials that maximizes val_accuracy, created at second 0. */
export function aStudy(fields: Partial<Study> = {}): Study {
  return Study.fromPartial({
    id: "mnist-init",
    name: "mnist-init",
    state: StudyState.ACTIVE,
    specJson: JSON.stringify({
      name: "mnist-init",
      objective: { metric: "val_accuracy", goal: "maximize" },
      parameters: { stddev: { type: "double" } },
    }),
    objectiveMetric: "val_accuracy",
    goal: Goal.MAXIMIZE,
    maxTrials: 10,
    expectedTrialCount: fields.maxTrials ?? 10,
    createdAt: at(0),
    ...fields,
  });
}

/** A trial that waits for a trainer. */
export function aTrial(id: string, fields: Partial<Trial> = {}): Trial {
  return Trial.fromPartial({
    id,
    state: TrialState.QUEUED,
    values: { stddev: { kind: { $case: "doubleValue", value: 0.05 } } },
    attempt: 1,
    executions: 1,
    maxEpochs: 100,
    ...fields,
  });
}

/** A trial that has trained `epochs` epochs of two seconds. */
export function aRunningTrial(id: string, epochs: number, fields: Partial<Trial> = {}): Trial {
  const latest = {
    execution: 0,
    epoch: epochs - 1,
    metrics: { val_accuracy: 0.9842000007629395, loss: 0.05 },
    learningRate: 0.00168,
    seconds: 2,
  };
  return aTrial(id, {
    state: TrialState.RUNNING,
    trainerId: "trainer-1-abc123",
    startedAt: at(10),
    epochs,
    latest,
    best: latest,
    ...fields,
  });
}

/** A trial that completed after `epochs` epochs of two seconds. */
export function aCompletedTrial(id: string, objective: number, fields: Partial<Trial> = {}): Trial {
  return aRunningTrial(id, 40, {
    state: TrialState.COMPLETED,
    objective,
    executionObjectives: [objective],
    startedAt: at(10),
    endedAt: at(90),
    ...fields,
  });
}

/** The choice of one of ten trials by posterior mean; three other trials are tied with it. */
export function aSelection(trialId: string, fields: Partial<Selection> = {}): Selection {
  return Selection.fromPartial({
    rule: SelectionRule.POSTERIOR_MEAN,
    trialId,
    expected: { mean: 0.9846, low: 0.98385, high: 0.98535 },
    tiedTrialIds: ["02", "04", "09"],
    bestMeasuredTrialId: trialId,
    optimism: 0.0005,
    candidateCount: 10,
    ...fields,
  });
}

/** The measurements of one execution, whose accuracy rises with each epoch. */
export function measurementsOf(epochs: number, execution = 0): Measurement[] {
  return Array.from({ length: epochs }, (_, epoch) =>
    Measurement.fromPartial({
      execution,
      epoch,
      metrics: { loss: 1 / (epoch + 1), val_accuracy: 1 - 0.5 / (epoch + 1) },
      learningRate: 0.001,
      seconds: 2,
    }),
  );
}
