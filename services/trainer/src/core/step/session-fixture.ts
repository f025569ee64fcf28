// Samples for the tests of the session.
import type { CallName, Input } from "../input.js";
import type { Phase, Session } from "../session.js";
import type { Lease, Measurement, Weights } from "../trial.js";

export const sampleLease: Lease = {
  key: { studyId: "study", trialId: "00", attempt: 1, token: 7 },
  ttlMs: 15_000,
  heartbeatIntervalMs: 5_000,
  planJson: "{}",
};

const assignment = { studyId: "study", trialId: "00", attempt: 1 };
const weights: Weights = { bytes: new Uint8Array(3), sha256: "0".repeat(64) };
const failure = { kind: "infeasible", message: "Loss became NaN in epoch 1, step 1." } as const;
const measurement: Measurement = {
  execution: 0,
  epoch: 0,
  metrics: { loss: 1, accuracy: 0.5, val_loss: 1, val_accuracy: 0.5 },
  learningRate: 0.001,
  seconds: 2,
};

/** Fields of all leased phases together. */
export const leasedFields = { lease: sampleLease, renewedMs: 9_000, weights, failure };

/** One of each phase. */
export const SAMPLE_PHASES: readonly Phase[] = [
  { name: "preparing" },
  { name: "idle" },
  { name: "leasing", assignment, giveUpAtMs: 20_000 },
  { name: "training", ...leasedFields },
  { name: "uploading", ...leasedFields },
  { name: "completing", ...leasedFields },
  { name: "failing", ...leasedFields },
  { name: "stopped" },
];

/** A session whose engine is ready, with nothing due before 14,000 ms. */
export function readySession(phase: Phase): Session {
  return { phase, engine: { name: "ready" }, engineProven: true, crashCount: 0, heartbeatSentMs: 9_000 };
}

const { token } = sampleLease.key;

function directed(call: CallName, directive: "continue" | "stop" | "lease-lost") {
  return { type: "directive-received", token, call, directive, sentMs: 9_500 } as const;
}

function rejected(call: CallName) {
  return { type: "call-rejected", token, call, message: "out of order" } as const;
}

/** One of each input, and of each call and directive where that matters. */
export const SAMPLE_INPUTS = {
  "engine-ready": { type: "engine-ready" },
  "engine-failed": { type: "engine-failed", message: "engine onnx is not available" },
  "child-died": { type: "child-died", detail: "signal SIGKILL" },
  "assignment-received": { type: "assignment-received", assignment },
  "lease-granted": { type: "lease-granted", assignment, lease: sampleLease, sentMs: 9_500 },
  "lease-refused": { type: "lease-refused", assignment, reason: "trial-settled" },
  "lease-rejected": { type: "lease-rejected", assignment, message: "not implemented" },
  "epoch-trained": { type: "epoch-trained", measurement },
  "training-completed": { type: "training-completed", weights },
  "training-failed": { type: "training-failed", failure },
  "heartbeat continue": directed("heartbeat", "continue"),
  "heartbeat stop": directed("heartbeat", "stop"),
  "heartbeat lease-lost": directed("heartbeat", "lease-lost"),
  "report-epoch continue": directed("report-epoch", "continue"),
  "report-epoch stop": directed("report-epoch", "stop"),
  "report-epoch lease-lost": directed("report-epoch", "lease-lost"),
  "upload-weights continue": directed("upload-weights", "continue"),
  "complete-trial continue": directed("complete-trial", "continue"),
  "complete-trial stop": directed("complete-trial", "stop"),
  "complete-trial lease-lost": directed("complete-trial", "lease-lost"),
  "fail-trial continue": directed("fail-trial", "continue"),
  "fail-trial stop": directed("fail-trial", "stop"),
  "fail-trial lease-lost": directed("fail-trial", "lease-lost"),
  "heartbeat rejected": rejected("heartbeat"),
  "report-epoch rejected": rejected("report-epoch"),
  "upload-weights rejected": rejected("upload-weights"),
  "complete-trial rejected": rejected("complete-trial"),
  "fail-trial rejected": rejected("fail-trial"),
  tick: { type: "tick" },
  drain: { type: "drain" },
} as const satisfies Record<string, Input>;
