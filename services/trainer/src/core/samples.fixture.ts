// Sample states and inputs for the tests of the trainer's core.

import type { Weights } from "@sintonia/protocol/attempt-result";
import type { Checkpoint, StoredCheckpoint } from "@sintonia/protocol/checkpoint";
import type { Directive } from "@sintonia/protocol/directive";
import type { Lease } from "@sintonia/protocol/lease";
import type { Measurement } from "@sintonia/protocol/measurement";
import { sha256Of, studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import type { CallName, Input } from "./boundary/input.js";
import type { Phase } from "./state/phase.js";
import { NO_REPORTS, type Reports, withReport } from "./state/reports.js";
import type { State } from "./state/state.js";

/** Two stored checkpoints, newest first. */
export const storedCheckpoints: readonly [StoredCheckpoint, StoredCheckpoint] = [
  { sha256: sha256Of("b".repeat(64)), sizeBytes: 3, execution: 0, epoch: 5 },
  { sha256: sha256Of("a".repeat(64)), sizeBytes: 3, execution: 0, epoch: 3 },
];

export const sampleLease: Lease = {
  key: { studyId: studyIdOf("study"), trialId: trialIdOf("00"), attempt: 1, token: 7 },
  ttlMs: 15_000,
  heartbeatIntervalMs: 5_000,
  planJson: "{}",
  checkpoints: [],
};

const assignment = { studyId: studyIdOf("study"), trialId: trialIdOf("00"), attempt: 1 };
const weights: Weights = { bytes: new Uint8Array(3), sha256: sha256Of("0".repeat(64)), keptEpochs: [0] };
const checkpoint: Checkpoint = { bytes: new Uint8Array(3), sha256: sha256Of("c".repeat(64)), execution: 0, epoch: 0 };
const failure = { kind: "infeasible", message: "Loss became NaN in epoch 1, step 1." } as const;
const measurement: Measurement = {
  execution: 0,
  epoch: 0,
  metrics: { loss: 1, accuracy: 0.5, val_loss: 1, val_accuracy: 0.5 },
  learningRate: 0.001,
  seconds: 2,
};

/** The fields of all leased phases, except `saving`. */
export const leasedFields = {
  lease: sampleLease,
  renewedMs: 9_000,
  weights,
  uploads: 1,
  failure,
  untried: storedCheckpoints,
};

/**
 * The phase training without unanswered reports, with an epoch that no checkpoint covers. A
 * checkpoint is due at 30,000 ms.
 */
export const trainingPhase = {
  name: "training",
  ...leasedFields,
  reports: NO_REPORTS,
  saving: { begunMs: 0, isMaking: false, isUploading: false, hasNewEpochs: true },
} as const satisfies Phase;

/** One report that is being sent, while training waits. */
const oneReport: Reports = withReport(NO_REPORTS, measurement, 9_000);

/** Shortest time between checkpoints in the samples. */
export const CHECKPOINT_INTERVAL_MS = 30_000;
export const DRAIN_MS = 5_000;

/** One phase of each name. */
export const SAMPLE_PHASES: readonly Phase[] = [
  { name: "preparing" },
  { name: "idle" },
  { name: "leasing", assignment, giveUpAtMs: 20_000 },
  { name: "resting", untilMs: 40_000 },
  { name: "refused" },
  { name: "cordoned" },
  { name: "restoring", ...leasedFields },
  trainingPhase,
  {
    name: "leaving",
    ...leasedFields,
    reports: oneReport,
    saving: { begunMs: 9_000, isMaking: true, isUploading: false, hasNewEpochs: false },
    giveUpAtMs: 100_000,
  },
  {
    name: "reporting",
    ...leasedFields,
    reports: oneReport,
    saving: { begunMs: 9_000, isMaking: false, isUploading: false, hasNewEpochs: false },
    end: { kind: "completed", weights },
  },
  { name: "uploading", ...leasedFields },
  { name: "completing", ...leasedFields },
  { name: "failing", ...leasedFields },
  { name: "stopped" },
];

/** Returns a state whose engine is ready. Nothing is due before 14,000 ms. */
export function readyState(phase: Phase): State {
  return {
    phase,
    engine: { name: "ready" },
    engineProven: true,
    crashCount: 0,
    heartbeatSentMs: 9_000,
    rejections: [],
    checkpointIntervalMs: CHECKPOINT_INTERVAL_MS,
    drainMs: DRAIN_MS,
  };
}

const { token } = sampleLease.key;

function directed(call: CallName, directive: Directive) {
  return { type: "directive-received", token, call, directive, sentMs: 9_500 } as const;
}

function rejected(call: CallName) {
  return { type: "call-rejected", token, call, message: "out of order" } as const;
}

/** One of each input; several of inputs whose result depends on the call and on the directive. */
export const SAMPLE_INPUTS = {
  "engine-ready": { type: "engine-ready" },
  "engine-failed": { type: "engine-failed", message: "engine onnx is not available" },
  "child-died": { type: "child-died", detail: "signal SIGKILL" },
  "assignment-received": { type: "assignment-received", assignment },
  "lease-granted": { type: "lease-granted", assignment, lease: sampleLease, sentMs: 9_500 },
  "checkpoint-downloaded": {
    type: "checkpoint-downloaded",
    token,
    sha256: storedCheckpoints[0].sha256,
    bytes: new Uint8Array(3),
  },
  "checkpoint-unavailable": {
    type: "checkpoint-unavailable",
    token,
    sha256: storedCheckpoints[0].sha256,
    message: "not found",
  },
  "checkpoint-accepted": { type: "checkpoint-accepted", execution: 0, epoch: 5 },
  "checkpoint-refused": { type: "checkpoint-refused", message: "of another plan" },
  "checkpoint-made": { type: "checkpoint-made", checkpoint },
  "checkpoint-failed": { type: "checkpoint-failed", message: "too large" },
  "lease-refused": { type: "lease-refused", assignment, reason: "trial-settled" },
  "lease-refused set-aside": { type: "lease-refused", assignment, reason: "set-aside" },
  "lease-refused cordoned": { type: "lease-refused", assignment, reason: "cordoned" },
  "trainer-refused": { type: "trainer-refused", message: "unknown token" },
  "trainer-accepted": { type: "trainer-accepted" },
  "lease-rejected": { type: "lease-rejected", assignment, message: "not implemented" },
  "epoch-trained": { type: "epoch-trained", measurement, examples: 50_000 },
  "training-completed": { type: "training-completed", weights },
  "training-failed": { type: "training-failed", failure },
  "heartbeat continue": directed("heartbeat", "continue"),
  "heartbeat stop": directed("heartbeat", "stop"),
  "heartbeat lease-lost": directed("heartbeat", "lease-lost"),
  "report-epoch continue": directed("report-epoch", "continue"),
  "report-epoch pause": directed("report-epoch", "pause"),
  "report-epoch stop": directed("report-epoch", "stop"),
  "report-epoch lease-lost": directed("report-epoch", "lease-lost"),
  "resume-trial continue": directed("resume-trial", "continue"),
  "resume-trial stop": directed("resume-trial", "stop"),
  "resume-trial lease-lost": directed("resume-trial", "lease-lost"),
  "save-checkpoint continue": directed("save-checkpoint", "continue"),
  "save-checkpoint stop": directed("save-checkpoint", "stop"),
  "save-checkpoint lease-lost": directed("save-checkpoint", "lease-lost"),
  "upload-weights continue": directed("upload-weights", "continue"),
  "complete-trial continue": directed("complete-trial", "continue"),
  "complete-trial stop": directed("complete-trial", "stop"),
  "complete-trial lease-lost": directed("complete-trial", "lease-lost"),
  "fail-trial continue": directed("fail-trial", "continue"),
  "fail-trial stop": directed("fail-trial", "stop"),
  "fail-trial lease-lost": directed("fail-trial", "lease-lost"),
  "heartbeat rejected": rejected("heartbeat"),
  "heartbeat-lost": { type: "heartbeat-lost" },
  "report-epoch rejected": rejected("report-epoch"),
  "resume-trial rejected": rejected("resume-trial"),
  "save-checkpoint rejected": rejected("save-checkpoint"),
  "upload-weights rejected": rejected("upload-weights"),
  "complete-trial rejected": rejected("complete-trial"),
  "fail-trial rejected": rejected("fail-trial"),
  tick: { type: "tick" },
  "order none": { type: "order-received", order: "none" },
  "order cordon": { type: "order-received", order: "cordon" },
  "order drain": { type: "order-received", order: "drain" },
  drain: { type: "drain" },
} as const satisfies Record<string, Input>;
