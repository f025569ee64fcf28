// The transfer of checkpoints. Only the holder of a trial's lease may upload or download its
// checkpoints.

import { ArtifactKind, type Checkpoint } from "@sintonia/proto/sintonia/v1/study";
import type { DownloadCheckpointResponse } from "@sintonia/proto/sintonia/v1/trainer";
import type { LeaseKey } from "@sintonia/protocol/lease";
import type { TrialEpoch } from "@sintonia/protocol/measurement";
import { ServerError, Status } from "nice-grpc";
import { checkLease } from "../../core/decide/lease-check.js";
import { findCheckpoint } from "../../core/state/checkpoint.js";
import { findTrial, type Artifact as StoredArtifact } from "../../core/state/study.js";
import { ArtifactMismatchError, type ArtifactStore } from "../../ports/artifact-store.js";
import type { Coordinator } from "../../shell/coordinator.js";
import { invalidArgument, notFound, statusError } from "./status.js";

/** A stored checkpoint. `execution` and `epoch` name the last epoch that the checkpoint covers. */
interface SavedCheckpoint extends TrialEpoch {
  readonly artifact: StoredArtifact;
}

/**
 * Refuses a call under a lease that is not valid.
 *
 * @throws {ServerError} FAILED_PRECONDITION, so that the trainer does not repeat the call
 */
export function requireValidLease(coordinator: Coordinator, lease: LeaseKey): void {
  const study = coordinator.study(lease.studyId);
  if (study !== undefined && checkLease(study, lease).kind === "valid") return;
  throw new ServerError(Status.FAILED_PRECONDITION, `The lease ${lease.token} of trial ${lease.trialId} is not valid.`);
}

/** Returns the checkpoint of a request. Refuses one that is not stored. */
export async function requireCheckpoint(
  store: ArtifactStore,
  checkpoint: Checkpoint | undefined,
): Promise<SavedCheckpoint> {
  const { artifact, execution = 0, epoch = 0 } = checkpoint ?? {};
  if (artifact?.kind !== ArtifactKind.CHECKPOINT) {
    throw invalidArgument("checkpoint must have an artifact of kind CHECKPOINT.");
  }
  const { sha256, sizeBytes } = artifact;
  if (!(await store.has(sha256))) throw notFound(`Checkpoint ${sha256}`);
  return { artifact: { kind: "checkpoint", sha256, sizeBytes }, execution, epoch };
}

/**
 * Deletes an uploaded checkpoint that its trial does not name. No other trial has a checkpoint
 * with the same bytes.
 */
export async function discardUnnamed(
  { coordinator, checkpoints }: { readonly coordinator: Coordinator; readonly checkpoints: ArtifactStore },
  { studyId, trialId }: LeaseKey,
  sha256: string,
): Promise<void> {
  const study = coordinator.study(studyId);
  const trial = study === undefined ? undefined : findTrial(study, trialId);
  if (trial !== undefined && findCheckpoint(trial, sha256) !== undefined) return;
  await checkpoints.delete(sha256);
}

/** Reads a checkpoint. A damaged one is NOT_FOUND, since a repeated call would not help. */
export async function* readCheckpoint(
  store: ArtifactStore,
  sha256: string,
): AsyncGenerator<DownloadCheckpointResponse> {
  try {
    for await (const bytes of store.open(sha256)) yield { chunk: Buffer.from(bytes) };
  } catch (error) {
    if (error instanceof ArtifactMismatchError) throw new ServerError(Status.NOT_FOUND, error.message);
    throw statusError(error);
  }
}
