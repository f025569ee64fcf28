// The rules of the calls under a lease: what a trainer must hold before a call reads, changes or
// deletes anything. Handlers contain no such checks.

import type { TrainerServiceImplementation } from "@sintonia/proto/sintonia/v1/trainer";
import type { LeaseKey } from "@sintonia/protocol/lease";
import type { Sha256 } from "@sintonia/protocol/names";
import { refusal } from "@sintonia/runtime/grpc/refusal/refusal";
import { MODULE_WEIGHTS_MAX_BYTES, modelFileMaxBytes } from "@sintonia/training/model-file/size-limit";
import { isModulePlan, isProgramPlan, type TrialPlan } from "@sintonia/tuning/plan/program-plan";
import { type ServerError, Status } from "nice-grpc-common";
import { checkLease, isLastGrant } from "../../../core/decide/lease-check.js";
import { trialPlan } from "../../../core/query/trial-plan.js";
import { findCheckpoint } from "../../../core/state/checkpoint.js";
import type { Artifact } from "../../../core/state/study.js";
import type { ArtifactStore } from "../../../ports/artifact-store.js";
import { type CheckpointStore, isSameOwner } from "../../../ports/checkpoint-store.js";
import { type Studies, trialOf } from "../../../shell/studies.js";
import { invalidField, notFound } from "./status.js";

/**
 * A call that carries a lease. A file needs none: its checksum, which only a plan and a spec
 * contain, is the right to read it.
 */
export type LeasedCall = Exclude<keyof TrainerServiceImplementation, "acquireLease" | "downloadFile">;

/** The rule of one call. */
interface Rule {
  /**
   * The lease that the call needs. `valid`: of a trial under way. `last`: the trial's last grant,
   * also after the attempt's end, so that the last words of an ended program are kept.
   */
  readonly lease: "valid" | "last";
  /**
   * The answer to a trainer that does not hold the trial's lease. `directive`: the study answers,
   * which tells the trainer why; `refusal`: FAILED_PRECONDITION.
   */
  readonly unheld: "directive" | "refusal";
  /**
   * The artifact that the call may name. `fitting`: weights of at most the size that the model of
   * the trial has. `uploaded`: a checkpoint that this trial's trainer
   * uploaded. `named`: a checkpoint that an event of this trial names. `stored`: stored bytes of
   * the announced size that are fitting.
   */
  readonly artifact: "none" | "fitting" | "uploaded" | "named" | "stored";
}

/** The rules by call. */
export const CALL_RULES: Readonly<Record<LeasedCall, Rule>> = {
  heartbeat: { lease: "valid", unheld: "directive", artifact: "none" },
  reportEpoch: { lease: "valid", unheld: "directive", artifact: "none" },
  reportEpochs: { lease: "valid", unheld: "directive", artifact: "none" },
  uploadArtifact: { lease: "valid", unheld: "refusal", artifact: "fitting" },
  saveCheckpoint: { lease: "valid", unheld: "directive", artifact: "uploaded" },
  downloadCheckpoint: { lease: "valid", unheld: "refusal", artifact: "named" },
  resumeTrial: { lease: "valid", unheld: "directive", artifact: "none" },
  appendOutput: { lease: "last", unheld: "refusal", artifact: "none" },
  completeTrial: { lease: "valid", unheld: "directive", artifact: "stored" },
  failTrial: { lease: "valid", unheld: "directive", artifact: "none" },
};

/** The state that the rules look at. */
export interface RuleContext {
  readonly coordinator: Pick<Studies, "study">;
  readonly artifacts: Pick<ArtifactStore, "sizeOf">;
  readonly checkpoints: Pick<CheckpointStore, "sizeOf" | "ownerOf">;
}

/**
 * Checks the rule of a call. Returns false if the trainer does not hold the lease and the study
 * shall answer. The call must then touch no store.
 *
 * @throws {ServerError} if the call is refused
 */
export async function permits(
  context: RuleContext,
  call: LeasedCall,
  lease: LeaseKey,
  artifact?: Pick<Artifact, "sha256" | "sizeBytes">,
): Promise<boolean> {
  const rule = CALL_RULES[call];
  if (!holds(context, lease, rule)) {
    if (rule.unheld === "directive") return false;
    throw invalidLease(lease);
  }
  if (artifact !== undefined) await requireRight(context, rule, lease, artifact);
  return true;
}

function invalidLease({ studyId, trialId, token }: LeaseKey): ServerError {
  const facts = { studyId, trialId, token: String(token) };
  const message = `The lease ${token} of trial ${trialId} of study ${studyId} is not valid.`;
  return refusal(Status.FAILED_PRECONDITION, message, { reason: "LEASE_INVALID", facts });
}

function holds({ coordinator }: RuleContext, lease: LeaseKey, rule: Rule): boolean {
  const study = coordinator.study(lease.studyId);
  if (study === undefined) return false;
  return rule.lease === "last" ? isLastGrant(study, lease) : checkLease(study, lease).kind === "valid";
}

async function requireRight(
  { coordinator, artifacts, checkpoints }: RuleContext,
  { artifact: right }: Rule,
  lease: LeaseKey,
  { sha256, sizeBytes }: Pick<Artifact, "sha256" | "sizeBytes">,
): Promise<void> {
  switch (right) {
    case "none":
      return;
    case "fitting":
      return requireModelSize(coordinator, lease, sizeBytes);
    case "named":
      if (!names(coordinator, lease, sha256)) throw checkpointUnknown(sha256, lease);
      return;
    case "uploaded": {
      const owner = await checkpoints.ownerOf(sha256);
      if (owner === undefined || !isSameOwner(owner, lease)) throw checkpointUnknown(sha256, lease);
      return requireSize(checkpoints, sha256, sizeBytes);
    }
    case "stored":
      requireModelSize(coordinator, lease, sizeBytes);
      return requireSize(artifacts, sha256, sizeBytes);
  }
}

function checkpointUnknown(sha256: Sha256, { trialId }: LeaseKey): ServerError {
  return notFound({ type: "checkpoint", name: sha256, owner: `trial ${trialId}` });
}

/** Size limit of the files that a program leaves, in bytes. */
const PROGRAM_FILES_MAX_BYTES = 2 ** 30;

/** Returns the upper limit of what a trial gives: weights, or the files of a program. */
function resultMaxBytes(plan: TrialPlan): number {
  if (isProgramPlan(plan)) return PROGRAM_FILES_MAX_BYTES;
  return isModulePlan(plan) ? MODULE_WEIGHTS_MAX_BYTES : modelFileMaxBytes(plan);
}

/** Refuses more bytes than the weights of the model, or the files of a program, may have. */
function requireModelSize(coordinator: Pick<Studies, "study">, lease: LeaseKey, sizeBytes: number): void {
  const study = coordinator.study(lease.studyId);
  const trial = trialOf(coordinator, lease);
  const result = study === undefined || trial === undefined ? undefined : trialPlan(study, trial);
  if (result?.ok !== true) return;
  const bytesMax = resultMaxBytes(result.plan);
  if (sizeBytes <= bytesMax) return;
  throw invalidField("weights.size_bytes", `received ${sizeBytes}, the trial has at most ${bytesMax}.`);
}

async function requireSize(store: Pick<ArtifactStore, "sizeOf">, sha256: Sha256, sizeBytes: number): Promise<void> {
  const stored = await store.sizeOf(sha256);
  if (stored === undefined) throw notFound({ type: "artifact", name: sha256 });
  if (stored !== sizeBytes) {
    throw invalidField("size_bytes", `received ${sizeBytes}, but artifact ${sha256} has ${stored} bytes.`);
  }
}

function names(coordinator: Pick<Studies, "study">, lease: LeaseKey, sha256: Sha256): boolean {
  const trial = trialOf(coordinator, lease);
  return trial !== undefined && findCheckpoint(trial, sha256) !== undefined;
}
