/** Bytes were promised under a checksum and size that they do not have. */
export class ArtifactMismatchError extends Error {
  override readonly name = "ArtifactMismatchError";
}

/** No artifact is stored under a checksum. */
export class ArtifactMissingError extends Error {
  override readonly name = "ArtifactMissingError";
}

/** What the bytes of an artifact are known by. */
export interface ArtifactKey {
  /** SHA-256 of the bytes, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Number of bytes. */
  readonly sizeBytes: number;
}

/**
 * Bytes stored under their own checksum: never changed, never half there. The same artifact may be put by several callers at
 * once.
 */
export interface ArtifactStore {
  /**
   * Stores bytes durably; an artifact that is there already is left alone and `chunks` is not read. A fault of `chunks` passes
   * through. Unless put resolves, nothing is kept.
   *
   * @throws {ArtifactMismatchError} if the bytes have another size or checksum
   * @throws {StoreUnavailableError} if the store is full, read-only or out of reach; names the place and the reason
   */
  put(chunks: AsyncIterable<Uint8Array>, key: ArtifactKey): Promise<void>;
  /**
   * Reads an artifact in chunks of at most 256 KiB and checks them: the last chunk may be followed by an error.
   *
   * @throws {ArtifactMissingError} if there is none
   * @throws {ArtifactMismatchError} if the stored bytes were changed or cut
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
   * Deletes an artifact, if it is stored. A reader that has opened it may fail.
   *
   * @throws {StoreUnavailableError}
   */
  delete(sha256: string): Promise<void>;
  /**
   * Checksums of all that is stored, in the order of their digits.
   *
   * @throws {StoreUnavailableError}
   */
  list(): Promise<readonly string[]>;
}
