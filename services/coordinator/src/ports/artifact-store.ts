import type { Sha256 } from "@sintonia/protocol/names";

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
  /** Checksum of the bytes. */
  readonly sha256: Sha256;
  /** Number of bytes. */
  readonly sizeBytes: number;
}

/** Returns the error of bytes that differ from the announced ones. */
export function mismatchOf(key: ArtifactKey, sizeBytes: number, sha256: string): ArtifactMismatchError {
  const announced = `content ${key.sha256} of ${key.sizeBytes} bytes was announced`;
  if (sizeBytes > key.sizeBytes) return new ArtifactMismatchError(`${announced}, more bytes arrived`);
  if (sizeBytes < key.sizeBytes) return new ArtifactMismatchError(`${announced}, only ${sizeBytes} bytes arrived`);
  return new ArtifactMismatchError(`${announced}, content ${sha256} arrived`);
}

/** Tells whether a store holds exactly these bytes. Reads all of them. */
export async function isIntact(
  store: Pick<ArtifactStore, "open" | "sizeOf">,
  { sha256, sizeBytes }: ArtifactKey,
): Promise<boolean> {
  if ((await store.sizeOf(sha256)) !== sizeBytes) return false;
  try {
    for await (const _ of store.open(sha256));
    return true;
  } catch (error) {
    if (error instanceof ArtifactMismatchError || error instanceof ArtifactMissingError) return false;
    throw error;
  }
}

/** Number and bytes of what a store has deleted. */
export interface Collected {
  readonly count: number;
  readonly sizeBytes: number;
}

/**
 * A store of bytes under their own checksum. An artifact is stored whole and never changes.
 * Several callers may put the same artifact at once.
 */
export interface ArtifactStore {
  /**
   * Stores bytes durably. If the artifact is stored undamaged, `put` does not read `chunks`; a
   * damaged one is replaced. An error of `chunks` is passed on. The store keeps nothing of a failed
   * call.
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
  open(sha256: Sha256): AsyncIterable<Uint8Array>;
  /**
   * Returns the number of stored bytes of an artifact; undefined if it is not stored.
   *
   * @throws {StoreUnavailableError}
   */
  sizeOf(sha256: Sha256): Promise<number | undefined>;
  /**
   * Deletes an artifact if it is stored. A reader of the artifact may fail.
   *
   * @throws {StoreUnavailableError}
   */
  delete(sha256: Sha256): Promise<void>;
  /**
   * Deletes the artifacts among `candidates` that are stored and that nobody has put since an
   * instant. An artifact that somebody puts at the same time stays, or the put stores it anew.
   *
   * @param before - wall time in milliseconds since 1970
   * @throws {StoreUnavailableError} some of the artifacts may then be deleted
   */
  collect(candidates: readonly Sha256[], before: number): Promise<Collected>;
  /**
   * Lists the checksums of all artifacts in ascending order.
   *
   * @throws {StoreUnavailableError}
   */
  list(): Promise<readonly Sha256[]>;
}
