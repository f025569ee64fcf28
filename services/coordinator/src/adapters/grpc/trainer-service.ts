// The calls of trainers: translates requests into inputs and answers into responses.

import { type Artifact, ArtifactKind, type Checkpoint, type Measurement } from "@sintonia/proto/sintonia/v1/study";
import {
  type AcquireLeaseResponse,
  Directive,
  type TrainerServiceImplementation,
  FailureKind as WireFailureKind,
  type LeaseKey as WireLeaseKey,
  LeaseRefusal as WireRefusal,
} from "@sintonia/proto/sintonia/v1/trainer";
import type { FailureKind } from "@sintonia/protocol/attempt-result";
import type { LeaseKey, LeaseRefusal } from "@sintonia/protocol/lease";
import type { Answer } from "../../core/boundary/answer.js";
import type { StudyInput } from "../../core/boundary/input.js";
import { findTrial } from "../../core/state/study.js";
import type { ArtifactStore } from "../../ports/artifact-store.js";
import type { Coordinator } from "../../shell/coordinator.js";
import { receiveArtifact } from "./artifact-upload.js";
import { discardUnnamed, readCheckpoint, requireCheckpoint, requireValidLease } from "./checkpoint-transfer.js";
import { invalidArgument, notFound, rejectionError, statusError } from "./status.js";
import { checkpointMessage } from "./study-messages.js";

/** The dependencies of the trainer service. */
export interface TrainerServiceContext {
  readonly coordinator: Coordinator;
  readonly artifacts: ArtifactStore;
  /** A store of checkpoints only. */
  readonly checkpoints: ArtifactStore;
  readonly leaseTtlMs: number;
}

const REFUSALS: Readonly<Record<LeaseRefusal, WireRefusal>> = {
  "unknown-trial": WireRefusal.UNKNOWN_TRIAL,
  "trial-settled": WireRefusal.TRIAL_SETTLED,
  "already-leased": WireRefusal.ALREADY_LEASED,
  "stale-attempt": WireRefusal.STALE_ATTEMPT,
  "study-over": WireRefusal.STUDY_OVER,
  "set-aside": WireRefusal.SET_ASIDE,
};

const FAILURE_KINDS: ReadonlyMap<WireFailureKind, FailureKind> = new Map([
  [WireFailureKind.INFEASIBLE, "infeasible"],
  [WireFailureKind.ERROR, "error"],
  [WireFailureKind.INTERRUPTED, "interrupted"],
  [WireFailureKind.PREEMPTED, "preempted"],
  [WireFailureKind.TRAINER, "trainer"],
]);

/** Length limit of a failure's message, in characters. Longer messages are truncated. */
const MESSAGE_MAX_LENGTH = 1_000;

/** Heartbeats within a lease's time to live. With three, two lost heartbeats are harmless. */
const HEARTBEATS_PER_TTL = 3;

/** Implements the trainer service. */
export function trainerService(context: TrainerServiceContext): TrainerServiceImplementation {
  const { coordinator, artifacts, checkpoints } = context;
  return {
    acquireLease: ({ studyId, trialId, attempt, trainer }) => {
      if (trainer === undefined || trainer.id === "") throw invalidArgument("trainer.id is missing.");
      return acquireLease(context, { studyId, trialId, attempt, trainerId: trainer.id });
    },
    reportEpoch: async ({ lease, measurement }) => {
      const key = requireLease(lease);
      const input = { type: "report-epoch", lease: key, measurement: requireMeasurement(measurement) } as const;
      return { directive: await directiveFor(coordinator, key.studyId, input) };
    },
    heartbeat: async ({ trainer, lease }) => {
      if (trainer !== undefined && trainer.id !== "") await coordinator.noteTrainer(trainer.id);
      if (lease === undefined) return { directive: Directive.CONTINUE };
      return { directive: await directiveFor(coordinator, lease.studyId, { type: "heartbeat", lease }) };
    },
    uploadArtifact: async (parts) => {
      return { artifact: await receiveArtifact(context, parts) };
    },
    saveCheckpoint: async ({ lease, checkpoint }) => {
      const key = requireLease(lease);
      return { directive: await saveCheckpoint(context, key, checkpoint) };
    },
    downloadCheckpoint: ({ lease, sha256 }) => {
      requireValidLease(coordinator, requireLease(lease));
      return readCheckpoint(checkpoints, sha256);
    },
    resumeTrial: async ({ lease, sha256 }) => {
      const key = requireLease(lease);
      return { directive: await directiveFor(coordinator, key.studyId, { type: "resume-trial", lease: key, sha256 }) };
    },
    completeTrial: async ({ lease, weights, keptEpochs = [] }) => {
      const key = requireLease(lease);
      const stored = await requireWeights(artifacts, weights);
      const kept = { weights: { kind: "weights", ...stored }, keptEpochs } as const;
      const input = { type: "complete-trial", lease: key, ...kept } as const;
      return { directive: await directiveFor(coordinator, key.studyId, input) };
    },
    failTrial: async ({ lease, kind, message }) => {
      const key = requireLease(lease);
      const failure = FAILURE_KINDS.get(kind);
      if (failure === undefined)
        throw invalidArgument("kind must be INFEASIBLE, ERROR, INTERRUPTED, PREEMPTED or TRAINER.");
      const line = message.slice(0, MESSAGE_MAX_LENGTH);
      const input = { type: "fail-trial", lease: key, kind: failure, message: line } as const;
      return { directive: await directiveFor(coordinator, key.studyId, input) };
    },
  };
}

async function acquireLease(
  { coordinator, leaseTtlMs }: TrainerServiceContext,
  { studyId, ...wanted }: { studyId: string; trialId: string; attempt: number; trainerId: string },
): Promise<AcquireLeaseResponse> {
  await coordinator.noteTrainer(wanted.trainerId);
  const answer = await submitted(coordinator, studyId, { type: "acquire-lease", ...wanted });
  if (answer === undefined) return refusal("unknown-trial");
  if (answer.kind === "refused") return refusal(answer.reason);
  const study = coordinator.study(studyId);
  const trial = study === undefined ? undefined : findTrial(study, wanted.trialId);
  if (answer.kind !== "granted" || study === undefined || trial === undefined) return refusal("unknown-trial");
  const { trialId, attempt } = wanted;
  const value = {
    key: { studyId, trialId, attempt, token: answer.lease.token },
    ttlMs: leaseTtlMs,
    heartbeatIntervalMs: Math.floor(leaseTtlMs / HEARTBEATS_PER_TTL),
    planJson: JSON.stringify(answer.plan),
    checkpoints: trial.checkpoints.map(checkpointMessage),
  };
  return { outcome: { $case: "lease", value } };
}

async function saveCheckpoint(
  context: TrainerServiceContext,
  lease: LeaseKey,
  checkpoint: Checkpoint | undefined,
): Promise<Directive> {
  const saved = await requireCheckpoint(context.checkpoints, checkpoint).catch((error) => {
    throw statusError(error);
  });
  const answer = await submitted(context.coordinator, lease.studyId, { type: "save-checkpoint", lease, ...saved });
  // Follows the answer, since only a coordinator with the current log gives one. Ignored: the next
  // start deletes the checkpoint.
  await discardUnnamed(context, lease, saved.artifact.sha256).catch(() => undefined);
  return directiveOf(answer);
}

function refusal(reason: LeaseRefusal): AcquireLeaseResponse {
  return { outcome: { $case: "refusal", value: REFUSALS[reason] } };
}

async function directiveFor(coordinator: Coordinator, studyId: string, input: StudyInput): Promise<Directive> {
  return directiveOf(await submitted(coordinator, studyId, input));
}

/**
 * Translates an answer. A study that does not exist has no valid lease.
 *
 * @throws {ServerError} if the study rejected the input
 */
function directiveOf(answer: Answer | undefined): Directive {
  switch (answer?.kind) {
    case "continue":
      return Directive.CONTINUE;
    case "stop":
      return Directive.STOP;
    case "rejected":
      throw rejectionError(answer.rejection);
    default:
      return Directive.LEASE_LOST;
  }
}

async function submitted(coordinator: Coordinator, studyId: string, input: StudyInput): Promise<Answer | undefined> {
  try {
    return await coordinator.submit(studyId, input);
  } catch (error) {
    throw statusError(error);
  }
}

function requireLease(lease: WireLeaseKey | undefined): LeaseKey {
  if (lease === undefined) throw invalidArgument("lease is missing.");
  return lease;
}

function requireMeasurement(measurement: Measurement | undefined): Measurement {
  if (measurement === undefined) throw invalidArgument("measurement is missing.");
  return measurement;
}

/** Returns the weights of a request. Refuses weights that are not stored. */
async function requireWeights(
  artifacts: ArtifactStore,
  weights: Artifact | undefined,
): Promise<{ sha256: string; sizeBytes: number }> {
  if (weights?.kind !== ArtifactKind.WEIGHTS) throw invalidArgument("weights must be an artifact of kind WEIGHTS.");
  if (!(await artifacts.has(weights.sha256))) throw notFound(`Artifact ${weights.sha256}`);
  return { sha256: weights.sha256, sizeBytes: weights.sizeBytes };
}
