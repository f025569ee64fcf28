import type { Sha256, StudyId, TrialId } from "@sintonia/protocol/names";
import type { ArtifactKey, ArtifactStore } from "./artifact-store.js";

/** The trial that uploaded a checkpoint. */
export interface CheckpointOwner {
  readonly studyId: StudyId;
  readonly trialId: TrialId;
}

/** A stored checkpoint. */
export interface StoredOwner {
  readonly sha256: Sha256;
  /** Undefined for a checkpoint that version 0.1 stored. */
  readonly owner: CheckpointOwner | undefined;
}

/** Another trial has uploaded the same bytes. */
export class ForeignCheckpointError extends Error {
  override readonly name = "ForeignCheckpointError";
}

/**
 * Refuses the bytes of another trial's checkpoint.
 *
 * @param present - the owner of the stored bytes; undefined if nobody owns them
 * @throws {ForeignCheckpointError}
 */
export function requireOwner(sha256: Sha256, present: CheckpointOwner | undefined, owner: CheckpointOwner): void {
  if (present === undefined || isSameOwner(present, owner)) return;
  throw new ForeignCheckpointError(`checkpoint ${sha256} belongs to another trial`);
}

/** Returns true if both are the same trial. */
export function isSameOwner(one: CheckpointOwner, other: CheckpointOwner): boolean {
  return one.studyId === other.studyId && one.trialId === other.trialId;
}

/**
 * A store of checkpoints, each with the trial that uploaded it. The owner stays with the bytes, so
 * that no trial can save or delete the checkpoint of another one.
 */
export interface CheckpointStore extends Pick<ArtifactStore, "open" | "sizeOf" | "delete" | "collect"> {
  /**
   * Stores the bytes of a trial's checkpoint, as `ArtifactStore.put`.
   *
   * @throws {ForeignCheckpointError} if another trial owns the stored bytes
   * @throws {ArtifactMismatchError}
   * @throws {StoreUnavailableError}
   */
  put(chunks: AsyncIterable<Uint8Array>, key: ArtifactKey, owner: CheckpointOwner): Promise<void>;
  /**
   * Returns the owner of a stored checkpoint; undefined if it is not stored or has no owner.
   *
   * @throws {StoreUnavailableError}
   */
  ownerOf(sha256: Sha256): Promise<CheckpointOwner | undefined>;
  /**
   * Lists all checkpoints in ascending order of their checksums.
   *
   * @throws {StoreUnavailableError}
   */
  list(): Promise<readonly StoredOwner[]>;
}
