/** Bytes do not match their announced checksum or size. */
export class ArtifactMismatchError extends Error {
  override readonly name = "ArtifactMismatchError";
}

/** The store has no artifact with a checksum. */
export class ArtifactMissingError extends Error {
  override readonly name = "ArtifactMissingError";
}

/** The identity of an artifact's bytes. */
export interface ArtifactKey {
  /** SHA-256 of the bytes, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Number of bytes. */
  readonly sizeBytes: number;
}

/**
 * A store of bytes under their own checksum. An artifact is stored whole and never changes.
 * Several callers may put the same artifact at once.
 */
export interface ArtifactStore {
  /**
   * Stores bytes durably. If the artifact is stored already, `put` does not read `chunks`. An
   * error of `chunks` is passed on. The store keeps nothing of a failed call.
   *
   * @throws {ArtifactMismatchError} if the bytes have another size or checksum
   * @throws {StoreUnavailableError} if the store is full, read-only or unreachable; names the
   *   location and the reason
   */
  put(chunks: AsyncIterable<Uint8Array>, key: ArtifactKey): Promise<void>;
  /**
   * Reads an artifact in chunks of at most 256 KiB and checks its checksum at the end: an error
   * may follow the last chunk.
   *
   * @throws {ArtifactMissingError} if the artifact is not stored
   * @throws {ArtifactMismatchError} if the stored bytes were changed or truncated
   * @throws {StoreUnavailableError}
   */
  open(sha256: string): AsyncIterable<Uint8Array>;
  /**
   * Tells whether an artifact is stored.
   *
   * @throws {StoreUnavailableError}
   */
  has(sha256: string): Promise<boolean>;
  /**
   * Deletes an artifact if it is stored. A reader of the artifact may fail.
   *
   * @throws {StoreUnavailableError}
   */
  delete(sha256: string): Promise<void>;
  /**
   * Lists the checksums of all artifacts in ascending order.
   *
   * @throws {StoreUnavailableError}
   */
  list(): Promise<readonly string[]>;
}
