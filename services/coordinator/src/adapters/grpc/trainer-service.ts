// The calls of trainers: translates requests into inputs and answers into responses.

import { randomBytes } from "node:crypto";
import type { Checkpoint } from "@sintonia/proto/sintonia/v1/study";
import {
  type AcquireLeaseResponse,
  Directive,
  type DownloadCheckpointResponse,
  type ReportEpochRequest,
  type TrainerServiceImplementation,
  FailureKind as WireFailureKind,
  TrainerOrder as WireOrder,
  LeaseRefusal as WireRefusal,
} from "@sintonia/proto/sintonia/v1/trainer";
import type { FailureKind } from "@sintonia/protocol/attempt-result";
import type { Caller } from "@sintonia/protocol/caller";
import type { TrainerOrder } from "@sintonia/protocol/directive";
import type { Assignment, LeaseKey, LeaseRefusal } from "@sintonia/protocol/lease";
import { SHA256, type Sha256, STUDY_ID, TRIAL_ID, type TrainerId } from "@sintonia/protocol/names";
import type { OutputPart } from "@sintonia/protocol/output";
import { OverloadStatus } from "@sintonia/runtime/grpc/pushback";
import type { CallerContext } from "@sintonia/runtime/grpc/security/authentication";
import type { TrialPlan } from "@sintonia/tuning/plan/program-plan";
import type { Answer } from "../../core/boundary/answer.js";
import type { StudyInput } from "../../core/boundary/input.js";
import type { Offer } from "../../core/resources/fit.js";
import { findTrial, type Study } from "../../core/state/study.js";
import type { ArtifactStore } from "../../ports/artifact-store.js";
import type { CheckpointStore } from "../../ports/checkpoint-store.js";
import type { FileStore } from "../../ports/file-store.js";
import type { TrialOutputs } from "../../shell/output/trial-outputs.js";
import type { Coordinator } from "../../shell/running/coordinator.js";
import { permits } from "./edge/call-rules.js";
import {
  explanation,
  offerOf,
  requireCount,
  requireFacts,
  requireKeptEpochs,
  requireKind,
  requireMeasurement,
  requireName,
} from "./edge/fields.js";
import { ownLease, ownTrainer } from "./edge/own-lease.js";
import { invalidField, rejectionError, statusError } from "./edge/status.js";
import { untilAborted } from "./edge/until-aborted.js";
import { checkpointMessage } from "./messages/study-messages.js";
import { receiveArtifact } from "./transfer/artifact-upload.js";
import { discardUnnamed, readCheckpoint } from "./transfer/checkpoint-transfer.js";
import { readFile } from "./transfer/file-transfer.js";
import { outputError, requireOutput } from "./transfer/output-transfer.js";
import { UploadQuota } from "./transfer/upload-quota.js";

/** The dependencies of the trainer service. */
export interface TrainerServiceContext {
  readonly coordinator: Coordinator;
  readonly artifacts: ArtifactStore;
  readonly checkpoints: CheckpointStore;
  readonly files: FileStore;
  readonly outputs: TrialOutputs;
  readonly leaseTtlMs: number;
  /** Aborted when the process is asked to end: streams of reports then end in order. */
  readonly stopping: AbortSignal;
  /**
   * Makes the random text of a lease.
   * @default 128 random bits
   */
  readonly newSecret?: () => string;
}

/** The context of the calls, with what they share. */
interface CallsContext extends TrainerServiceContext {
  readonly uploads: UploadQuota;
}

const REFUSALS: Readonly<Record<LeaseRefusal, WireRefusal>> = {
  "unknown-trial": WireRefusal.UNKNOWN_TRIAL,
  "trial-settled": WireRefusal.TRIAL_SETTLED,
  "already-leased": WireRefusal.ALREADY_LEASED,
  "stale-attempt": WireRefusal.STALE_ATTEMPT,
  "study-over": WireRefusal.STUDY_OVER,
  "study-paused": WireRefusal.STUDY_PAUSED,
  "set-aside": WireRefusal.SET_ASIDE,
  cordoned: WireRefusal.CORDONED,
  unfit: WireRefusal.UNFIT,
};

const ORDERS: Readonly<Record<TrainerOrder, WireOrder>> = {
  none: WireOrder.UNSPECIFIED,
  cordon: WireOrder.CORDON,
  drain: WireOrder.DRAIN,
};

const FAILURE_KINDS: ReadonlyMap<WireFailureKind, FailureKind> = new Map([
  [WireFailureKind.INFEASIBLE, "infeasible"],
  [WireFailureKind.ERROR, "error"],
  [WireFailureKind.INTERRUPTED, "interrupted"],
  [WireFailureKind.PREEMPTED, "preempted"],
  [WireFailureKind.TRAINER, "trainer"],
]);

/** Heartbeats within a lease's time to live. With three, two lost heartbeats are harmless. */
const HEARTBEATS_PER_TTL = 3;

/** Implements the trainer service. */
export function trainerService(dependencies: TrainerServiceContext): TrainerServiceImplementation<CallerContext> {
  const { coordinator, stopping } = dependencies;
  const context: CallsContext = { ...dependencies, uploads: new UploadQuota() };
  return {
    acquireLease: async ({ studyId, trialId, attempt, trainer }, { caller }) =>
      await acquireLease(context, {
        trainerId: ownTrainer(caller, trainer),
        offer: offerOf(trainer),
        isOfEarlierVersion: trainer?.equipment === undefined,
        studyId: requireName(STUDY_ID, studyId, "study_id"),
        trialId: requireName(TRIAL_ID, trialId, "trial_id"),
        attempt: requireCount(attempt, "attempt"),
      }),
    reportEpoch: async (report, { caller }) => ({ directive: await reportEpoch(coordinator, caller, report) }),
    reportEpochs: async function* (reports, { caller, signal }) {
      for await (const report of untilAborted(reports, AbortSignal.any([signal, stopping]))) {
        yield await reportEpoch(coordinator, caller, report).then((directive) => ({ directive }), laterOrRefused);
      }
    },
    heartbeat: async ({ trainer, lease }, { caller }) => {
      const trainerId = trainer === undefined ? undefined : ownTrainer(caller, trainer);
      const key = lease === undefined ? undefined : ownLease(coordinator, caller, lease);
      if (trainerId !== undefined) await coordinator.noteTrainer(trainerId, offerOf(trainer));
      const order = ORDERS[trainerId === undefined ? "none" : coordinator.orderFor(trainerId)];
      if (key === undefined) return { directive: Directive.CONTINUE, order };
      const input = { type: "heartbeat", lease: key, trainerId } as const;
      return { directive: await directiveFor(coordinator, key.studyId, input), order };
    },
    uploadArtifact: async (parts, { caller, signal }) => {
      return { artifact: await receiveArtifact(context, parts, { caller, signal }) };
    },
    saveCheckpoint: async ({ lease, checkpoint }, { caller }) => {
      return { directive: await saveCheckpoint(context, ownLease(coordinator, caller, lease), checkpoint) };
    },
    downloadCheckpoint: ({ lease, sha256 }, { caller }) => {
      return downloadCheckpoint(context, ownLease(coordinator, caller, lease), requireName(SHA256, sha256, "sha256"));
    },
    downloadFile: ({ sha256, offset }) => readFile(context, sha256, offset),
    resumeTrial: async ({ lease, sha256: text }, { caller }) => {
      const key = ownLease(coordinator, caller, lease);
      const sha256 = requireName(SHA256, text, "sha256");
      return { directive: await directiveFor(coordinator, key.studyId, { type: "resume-trial", lease: key, sha256 }) };
    },
    appendOutput: async ({ lease, isLast, ...part }, { caller }) => {
      const key = ownLease(coordinator, caller, lease);
      return { endOffset: await appendOutput(context, key, { part: requireOutput(part), isLast }) };
    },
    completeTrial: async ({ lease, weights: message, keptEpochs = [], facts = {} }, { caller }) => {
      const key = ownLease(coordinator, caller, lease);
      const weights = requireKind(message, "weights", "weights");
      const kept = { keptEpochs: requireKeptEpochs(keptEpochs), facts: requireFacts(facts) };
      const input = { type: "complete-trial", lease: key, weights, ...kept } as const;
      await permits(context, "completeTrial", key, weights).catch(rethrow);
      const directive = await directiveFor(coordinator, key.studyId, input);
      context.uploads.forget(key);
      return { directive };
    },
    failTrial: async ({ lease, kind, message }, { caller }) => {
      const key = ownLease(coordinator, caller, lease);
      const failure = FAILURE_KINDS.get(kind);
      if (failure === undefined) throw invalidField("kind", KIND_EXPECTED, `kind ${KIND_EXPECTED}`);
      const input = { type: "fail-trial", lease: key, kind: failure, message: explanation(message) } as const;
      return { directive: await directiveFor(coordinator, key.studyId, input) };
    },
  };
}

const KIND_EXPECTED = "must be INFEASIBLE, ERROR, INTERRUPTED, PREEMPTED or TRAINER.";

/** Random bytes of a lease's secret: 128 bits, which nobody guesses. */
const SECRET_BYTES = 16;

function randomSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/** The request of a trainer for the lease of an assignment. */
interface LeaseWish extends Assignment {
  readonly trainerId: TrainerId;
  readonly offer: Offer;
  /** True if the trainer's version knows nothing of resources. */
  readonly isOfEarlierVersion: boolean;
}

async function acquireLease(
  { coordinator, leaseTtlMs, newSecret = randomSecret }: TrainerServiceContext,
  { studyId, isOfEarlierVersion, ...wanted }: LeaseWish,
): Promise<AcquireLeaseResponse> {
  await coordinator.noteTrainer(wanted.trainerId, wanted.offer);
  const isCordoned = coordinator.orderFor(wanted.trainerId) !== "none";
  const input = { type: "acquire-lease", ...wanted, isCordoned, secret: newSecret() } as const;
  const answer = await submitted(coordinator, studyId, input);
  if (answer === undefined) return refusal("unknown-trial");
  // An earlier version would take an unknown refusal for the end of the assignment.
  if (answer.kind === "refused" && answer.reason === "unfit" && isOfEarlierVersion) return refusal("set-aside");
  if (answer.kind === "refused") return refusal(answer.reason);
  if (answer.kind !== "granted") return refusal("unknown-trial");
  const { trialId, attempt } = wanted;
  const { token, secret } = answer.lease;
  const key = { studyId, trialId, attempt, token, ...(secret === undefined ? {} : { secret }) };
  try {
    return leaseMessage(coordinator.study(studyId), key, { plan: answer.plan, leaseTtlMs });
  } catch (error) {
    // A repeat would meet the fault again, and the lease would be granted and repeated for ever.
    const message = `The lease could not be handed out: ${(error as Error).message}`;
    await submitted(coordinator, studyId, { type: "fail-trial", lease: key, kind: "error", message });
    throw error;
  }
}

/** @throws any fault of the translation */
function leaseMessage(
  study: Study | undefined,
  key: LeaseKey,
  { plan, leaseTtlMs }: { readonly plan: TrialPlan; readonly leaseTtlMs: number },
): AcquireLeaseResponse {
  const trial = study === undefined ? undefined : findTrial(study, key.trialId);
  if (trial === undefined) return refusal("unknown-trial");
  const value = {
    key: { secret: "", ...key },
    ttlMs: leaseTtlMs,
    heartbeatIntervalMs: Math.floor(leaseTtlMs / HEARTBEATS_PER_TTL),
    planJson: JSON.stringify(plan),
    checkpoints: trial.checkpoints.map(checkpointMessage),
  };
  return { outcome: { $case: "lease", value } };
}

async function reportEpoch(coordinator: Coordinator, caller: Caller, report: ReportEpochRequest): Promise<Directive> {
  const lease = ownLease(coordinator, caller, report.lease);
  const measurement = requireMeasurement(report.measurement);
  return await directiveFor(coordinator, lease.studyId, { type: "report-epoch", lease, measurement });
}

/** Answers a report for which there is no room. Any other error ends the stream. */
function laterOrRefused(error: unknown): { readonly retryAfterMs: number } {
  if (error instanceof OverloadStatus) return { retryAfterMs: error.retryAfterMs };
  throw error;
}

async function saveCheckpoint(
  context: CallsContext,
  lease: LeaseKey,
  checkpoint: Checkpoint | undefined,
): Promise<Directive> {
  const artifact = requireKind(checkpoint?.artifact, "checkpoint", "checkpoint.artifact");
  const { execution = 0, epoch = 0 } = checkpoint ?? {};
  const isHeld = await permits(context, "saveCheckpoint", lease, artifact).catch(rethrow);
  const input = { type: "save-checkpoint", lease, artifact, execution, epoch } as const;
  const answer = await submitted(context.coordinator, lease.studyId, input);
  // Follows the answer, since only a coordinator with the current log gives one. Ignored: the next
  // start after the trial's end deletes the checkpoint.
  if (isHeld) await discardUnnamed(context, lease, artifact.sha256).catch(() => undefined);
  if (isHeld) context.uploads.release(lease, artifact.sha256);
  return directiveOf(answer);
}

async function* downloadCheckpoint(
  context: TrainerServiceContext,
  lease: LeaseKey,
  sha256: Sha256,
): AsyncGenerator<DownloadCheckpointResponse> {
  await permits(context, "downloadCheckpoint", lease, { sha256, sizeBytes: 0 }).catch(rethrow);
  yield* readCheckpoint(context.checkpoints, sha256);
}

async function appendOutput(
  context: TrainerServiceContext,
  lease: LeaseKey,
  { part, isLast }: { readonly part: OutputPart; readonly isLast: boolean },
): Promise<number> {
  await permits(context, "appendOutput", lease).catch(rethrow);
  return await context.outputs.append(lease, part, isLast).catch((error) => {
    throw outputError(error);
  });
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
    case "pause":
      return Directive.PAUSE;
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

function rethrow(error: unknown): never {
  throw statusError(error);
}
