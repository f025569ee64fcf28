// The transfer of checkpoints, for trainers that hold the lease of their trial.

import type { DownloadCheckpointResponse } from "@sintonia/proto/sintonia/v1/trainer";
import type { LeaseKey } from "@sintonia/protocol/lease";
import type { Sha256 } from "@sintonia/protocol/names";
import type { ServerError } from "nice-grpc-common";
import { findCheckpoint } from "../../../core/state/checkpoint.js";
import { ArtifactMismatchError, type ArtifactStore } from "../../../ports/artifact-store.js";
import type { CheckpointStore } from "../../../ports/checkpoint-store.js";
import { type Studies, trialOf } from "../../../shell/studies.js";
import { notFound, statusError } from "../edge/status.js";

/** Deletes a trial's uploaded checkpoint if the trial does not name it. */
export async function discardUnnamed(
  {
    coordinator,
    checkpoints,
  }: {
    readonly coordinator: Pick<Studies, "study">;
    readonly checkpoints: Pick<CheckpointStore, "delete">;
  },
  lease: LeaseKey,
  sha256: Sha256,
): Promise<void> {
  const trial = trialOf(coordinator, lease);
  if (trial === undefined || findCheckpoint(trial, sha256) !== undefined) return;
  await checkpoints.delete(sha256);
}

function damagedCheckpoint(sha256: Sha256, { message }: Error): ServerError {
  return notFound({ type: "checkpoint", name: sha256 }, { reason: "ARTIFACT_DAMAGED", message });
}

/** Reads a checkpoint. A damaged one is NOT_FOUND, since a repeated call would not help. */
export async function* readCheckpoint(
  store: Pick<ArtifactStore, "open">,
  sha256: Sha256,
): AsyncGenerator<DownloadCheckpointResponse> {
  try {
    for await (const bytes of store.open(sha256)) yield { chunk: Buffer.from(bytes) };
  } catch (error) {
    if (error instanceof ArtifactMismatchError) throw damagedCheckpoint(sha256, error);
    throw statusError(error);
  }
}
