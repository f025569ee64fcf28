import {
  type Study,
  Study as StudyMessage,
  StudyState,
  type Trial,
  Trial as TrialMessage,
  TrialState,
} from "@sintonia/proto/sintonia/v1/study";

/** Returns a time in seconds after the start of a study. */
export function at(seconds: number): Date {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
}

/** Returns an active study of four trials. */
export function aStudy(over: Partial<Study> = {}): Study {
  const study = {
    id: "mnist",
    state: StudyState.ACTIVE,
    objectiveMetric: "val_accuracy",
    maxTrials: 4,
    expectedTrialCount: 4,
  };
  return StudyMessage.fromPartial({ ...study, ...over } as never);
}

/** Returns a completed trial of 40 epochs in 80 s. */
export function aCompletedTrial(id: string, objective: number): Trial {
  const times = { startedAt: at(0), endedAt: at(80) };
  return TrialMessage.fromPartial({ id, state: TrialState.COMPLETED, objective, epochs: 40, executions: 1, ...times });
}

/** Returns a trial that runs, with epochs of 2 s. */
export function aRunningTrial(id: string, epochs: number): Trial {
  const latest = { epoch: epochs - 1, metrics: { val_accuracy: 0.9 }, seconds: 2 };
  return TrialMessage.fromPartial({ id, state: TrialState.RUNNING, epochs, executions: 1, startedAt: at(0), latest });
}
