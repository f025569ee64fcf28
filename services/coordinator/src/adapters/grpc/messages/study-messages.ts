// Translates the core's types into protobuf messages.

import type {
  Artifact,
  Checkpoint,
  FrontTrial,
  Measurement,
  Selection,
  Study,
  Trial,
  Waiting,
} from "@sintonia/proto/sintonia/v1/study";
import {
  ArtifactKind,
  Goal,
  type ParameterValue,
  SelectionRule,
  StudyState,
  TrialState,
  WaitReason,
} from "@sintonia/proto/sintonia/v1/study";
import type * as protocol from "@sintonia/protocol/measurement";
import type { FrontMember } from "@sintonia/tuning/selection/front-choice";
import { meanOf, varianceOf } from "@sintonia/tuning/selection/mean-interval";
import type { Selection as PlainSelection } from "@sintonia/tuning/selection/select-best";
import type {
  Parameter,
  ParameterValues,
  ParameterValue as PlainValue,
  SearchSpace,
} from "@sintonia/tuning/space/parameter";
import { specToJson } from "@sintonia/tuning/spec/json";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { expectedEpochsOf } from "../../../core/length/expected-epochs.js";
import { promotionWait } from "../../../core/pruning/promotion-wait.js";
import { bestMeasurement, bestTrial } from "../../../core/query/objective.js";
import { expectedTrials } from "../../../core/query/replicates.js";
import { executionsOf, maxEpochsOf } from "../../../core/query/trial-plan.js";
import {
  type Waiting as PlainWaiting,
  trialWaiting,
  type WaitReason as WaitReasonName,
} from "../../../core/query/waiting.js";
import { readingsOf } from "../../../core/state/reopening.js";
import * as core from "../../../core/state/study.js";
import type { Standing } from "../../../shell/studies.js";
import { budgetMessages, spentLimitMessage } from "./budget-messages.js";

const STUDY_STATES: Readonly<Record<core.StudyStatus, StudyState>> = {
  active: StudyState.ACTIVE,
  finalizing: StudyState.FINALIZING,
  completed: StudyState.COMPLETED,
  stopped: StudyState.STOPPED,
  failed: StudyState.FAILED,
};

const TRIAL_STATES: Readonly<Record<core.TrialState, TrialState>> = {
  queued: TrialState.QUEUED,
  leased: TrialState.LEASED,
  running: TrialState.RUNNING,
  paused: TrialState.PAUSED,
  completed: TrialState.COMPLETED,
  pruned: TrialState.PRUNED,
  failed: TrialState.FAILED,
  infeasible: TrialState.INFEASIBLE,
  cancelled: TrialState.CANCELLED,
};

const SELECTION_RULES: Readonly<Record<PlainSelection["rule"], SelectionRule>> = {
  "posterior-mean": SelectionRule.POSTERIOR_MEAN,
  observed: SelectionRule.OBSERVED,
  replicate: SelectionRule.REPLICATE,
  knee: SelectionRule.KNEE,
  weights: SelectionRule.WEIGHTS,
};

const ARTIFACT_KINDS: Readonly<Record<core.ArtifactKind, ArtifactKind>> = {
  weights: ArtifactKind.WEIGHTS,
  "tfjs-model": ArtifactKind.TFJS_MODEL,
  "tfjs-weights": ArtifactKind.TFJS_WEIGHTS,
  "onnx-model": ArtifactKind.ONNX_MODEL,
  "program-files": ArtifactKind.PROGRAM_FILES,
  preparation: ArtifactKind.PREPARATION,
  checkpoint: ArtifactKind.CHECKPOINT,
};

/** Specs as JSON text. Specs never change, so each is encoded once. */
const specTexts = new WeakMap<StudySpec, string>();

function specText(spec: StudySpec): string {
  const text = specTexts.get(spec) ?? JSON.stringify(specToJson(spec));
  specTexts.set(spec, text);
  return text;
}

const WAIT_REASONS: Readonly<Record<WaitReasonName, WaitReason>> = {
  "test-data": WaitReason.TEST_DATA,
  paused: WaitReason.PAUSED,
  "no-trainers": WaitReason.NO_TRAINERS,
  trainers: WaitReason.TRAINERS,
  "trainers-set-aside": WaitReason.TRAINERS_SET_ASIDE,
  "trainers-cordoned": WaitReason.TRAINERS_CORDONED,
  resources: WaitReason.RESOURCES,
  oracle: WaitReason.ORACLE,
  "parallel-trials": WaitReason.PARALLEL_TRIALS,
  promotion: WaitReason.PROMOTION,
  "study-log": WaitReason.STUDY_LOG,
  evaluation: WaitReason.EVALUATION,
  "state-folder": WaitReason.STATE_FOLDER,
};

function waitingMessage(waiting: PlainWaiting | undefined): Waiting | undefined {
  if (waiting === undefined) return undefined;
  const { reason, message, trainers } = waiting;
  return { reason: WAIT_REASONS[reason], message, trainers };
}

function testMessage(test: core.TestResult | undefined): Study["test"] {
  return test && { ...test, scores: [...(test.scores ?? [])], undefinedScores: [...(test.undefinedScores ?? [])] };
}

/** Translates a study. */
export function studyMessage(study: core.Study, standing: Standing): Study {
  const { waiting, trainers, activeMs, wallMs = study.changedAt } = standing;
  const { spec } = study;
  return {
    id: study.id,
    name: spec.name,
    state: STUDY_STATES[study.status],
    specJson: specText(spec),
    objectiveMetric: spec.objective.metric,
    goal: goalMessage(spec.objective.goal),
    objectives: (spec.objectives ?? []).map(({ metric, goal }) => ({ metric, goal: goalMessage(goal) })),
    limits: [...(spec.limits ?? [])],
    maxTrials: core.maxTrialsOf(study),
    trialCount: study.trials.length,
    settledCount: study.trials.filter(core.hasEnded).length,
    bestTrialId: bestTrial(study)?.id ?? "",
    test: testMessage(study.test),
    models: study.models.map(artifactMessage),
    message: study.message ?? "",
    createdAt: new Date(study.createdAt),
    endedAt: dateOf(study.endedAt),
    selection: selectionMessage(study.selection),
    expectedTrialCount: expectedTrials(study),
    waiting: waitingMessage(waiting),
    activeSeconds: activeMs / 1000,
    setAsideTrainers: study.setAside.map(({ trainerId, reason, since }) => ({
      trainerId,
      reason,
      since: new Date(since),
    })),
    testRun: study.testRun && trialMessage(study, study.testRun, trainers),
    testMetrics: { ...study.testMetrics },
    pause: wishMessage(study.pause),
    stopping: wishMessage(study.stopping),
    testReadings: readingsOf(study).map(({ trialId, endedAt, test, testMetrics }) => ({
      trialId,
      endedAt: new Date(endedAt),
      test: testMessage(test),
      metrics: { ...testMetrics },
    })),
    budget: budgetMessages(study, { activeMs, wallMs }),
    spentLimit: spentLimitMessage(study),
  };
}

function goalMessage(goal: StudySpec["objective"]["goal"]): Goal {
  return goal === "maximize" ? Goal.MAXIMIZE : Goal.MINIMIZE;
}

function wishMessage(wish: core.StudyPause | core.StudyStop | undefined) {
  return wish && { reason: wish.reason, since: new Date(wish.since) };
}

function selectionMessage(selection: core.Study["selection"]): Selection | undefined {
  if (selection === undefined) return undefined;
  const { rule, trialId, expected, tied, bestMeasured, note = "", front = [] } = selection;
  return {
    rule: SELECTION_RULES[rule],
    trialId,
    expected: expected && { ...expected },
    tiedTrialIds: [...tied],
    bestMeasuredTrialId: bestMeasured.trialId,
    optimism: bestMeasured.optimism,
    candidateCount: bestMeasured.count,
    note,
    front: front.map(frontMessage),
  };
}

function frontMessage({ trialId, outcomes }: FrontMember): FrontTrial {
  const named = Object.entries(outcomes).map(([name, { measured, expected }]) => ({
    name,
    measured,
    expected: expected && { ...expected },
  }));
  return { trialId, outcomes: named };
}

/** Translates a trial, without its measurements. The trainers are those of the study's standing. */
export function trialMessage(study: core.Study, trial: core.Trial, trainers: Standing["trainers"]): Trial {
  const { spec } = study;
  return {
    id: trial.id,
    state: TRIAL_STATES[trial.state],
    values: valuesMessage(spec.parameters, trial.values),
    attempt: trial.attempt,
    trainerId: trial.state === "queued" ? "" : (trial.lease?.trainerId ?? ""),
    objective: trial.objective,
    latest: measurementMessage(trial.measurements.at(-1)),
    best: measurementMessage(bestMeasurement(trial.measurements, spec.objective)),
    epochs: trial.measurements.length,
    startedAt: dateOf(trial.startedAt),
    reportedAt: dateOf(trial.reportedAt),
    endedAt: dateOf(trial.endedAt),
    message: trial.message ?? "",
    measurements: [],
    executions: executionsOf(study, trial),
    maxEpochs: maxEpochsOf(study, trial) ?? 0,
    expectedEpochs: expectedEpochsOf(study, trial),
    checkpoint: trial.checkpoints.map(checkpointMessage)[0],
    ...executionsMessage(study, trial),
    replicates: trial.replicates && { ...trial.replicates },
    waiting: waitingMessage(promotionWait(study, trial) ?? trialWaiting(study, trial, trainers)),
    lostAttempts: trial.losses.counted,
    tests: trial.tests ?? "",
    retries: trial.retries ?? "",
    evidence: trial.evidence && { ...trial.evidence },
    outcomes: Object.fromEntries(Object.entries(trial.outcomes ?? {}).map(([name, values]) => [name, meanOf(values)])),
  };
}

/**
 * Returns the objective of each execution and their standard deviation. Logs of 0.1 have no
 * objectives of executions; there a single execution has the objective of its trial.
 */
function executionsMessage(study: core.Study, trial: core.Trial) {
  const { objective, objectives = executionsOf(study, trial) === 1 ? [objective] : [] } = trial;
  const executionObjectives = objectives.flatMap((value) => value ?? []);
  const deviation = executionObjectives.length < 2 ? undefined : Math.sqrt(varianceOf(executionObjectives));
  return { executionObjectives, executionDeviation: deviation };
}

/** Translates a stored checkpoint. */
export function checkpointMessage({ artifact, measurements }: core.CheckpointRecord): Checkpoint {
  const { execution, epoch } = measurements.at(-1) as protocol.Measurement;
  return { artifact: artifactMessage(artifact), execution, epoch };
}

/** Translates a reference to an artifact. */
export function artifactMessage({ kind, sha256, sizeBytes }: core.Artifact): Artifact {
  return { kind: ARTIFACT_KINDS[kind], sha256, sizeBytes };
}

function measurementMessage(measurement: protocol.Measurement | undefined): Measurement | undefined {
  return measurement === undefined ? undefined : { ...measurement };
}

/** Translates parameter values. */
export function valuesMessage(space: SearchSpace, values: ParameterValues): Record<string, ParameterValue> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, valueMessage(space[name], value)]));
}

/** Translates a value of a parameter. */
export function valueMessage(parameter: Parameter | undefined, value: PlainValue): ParameterValue {
  if (typeof value === "boolean") return { kind: { $case: "booleanValue", value } };
  if (typeof value === "string") return { kind: { $case: "categoricalValue", value } };
  if (parameter?.type === "integer") return { kind: { $case: "integerValue", value } };
  return { kind: { $case: "doubleValue", value } };
}

function dateOf(milliseconds: number | undefined): Date | undefined {
  return milliseconds === undefined ? undefined : new Date(milliseconds);
}
