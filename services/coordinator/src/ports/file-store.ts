import type { FileRef } from "@sintonia/protocol/file";
import type { Sha256 } from "@sintonia/protocol/names";
import type { ArtifactStore } from "./artifact-store.js";

/** An upload or a download begins at an offset that the bytes do not reach. */
export class OffsetError extends Error {
  override readonly name = "OffsetError";
}

/** The store has no room for a file. */
export class NoRoomError extends Error {
  override readonly name = "NoRoomError";
}

/**
 * Refuses an offset behind the end of a file.
 *
 * @throws {OffsetError}
 */
export function requireWithin(sha256: Sha256, sizeBytes: number, offset: number): void {
  if (offset > sizeBytes) throw new OffsetError(`file ${sha256} has ${sizeBytes} bytes, none at ${offset}`);
}

/** Yields the bytes of chunks from an offset on. */
export async function* bytesFrom(chunks: AsyncIterable<Uint8Array>, offset: number): AsyncGenerator<Uint8Array> {
  let position = 0;
  for await (const chunk of chunks) {
    const skipped = Math.min(chunk.length, Math.max(0, offset - position));
    position += chunk.length;
    if (skipped < chunk.length) yield chunk.subarray(skipped);
  }
}

/**
 * A store of the files that studies need, each under its checksum. A file is stored whole and never
 * changes. The store keeps the bytes of a broken upload for a day.
 */
export interface FileStore extends Pick<ArtifactStore, "sizeOf" | "list" | "collect"> {
  /**
   * Stores a file durably. If the file is stored, `put` does not read `chunks`. An error of
   * `chunks` is passed on, and the store keeps the bytes before it for a later upload. Several
   * callers may put the same file at once.
   *
   * @param offset - place of the first chunk in the file, at most `receivedBytes`; the store takes
   *   the bytes before it from a broken upload
   * @throws {OffsetError} if the store has fewer bytes of broken uploads
   * @throws {ArtifactMismatchError} if the whole has another size or checksum; the store then keeps
   *   none of its bytes
   * @throws {NoRoomError} if the rest of the file is larger than the free space; reads no chunk
   * @throws {StoreUnavailableError} if the store is full, read-only or unreachable; names the
   *   location and the reason. The store then keeps none of the bytes.
   */
  put(chunks: AsyncIterable<Uint8Array>, file: FileRef, offset: number): Promise<void>;
  /**
   * Returns the number of bytes that the store has of a broken upload; 0 if there was none, or if
   * an upload under way has taken them.
   *
   * @throws {StoreUnavailableError}
   */
  receivedBytes(sha256: Sha256): Promise<number>;
  /**
   * Deletes the bytes of uploads that broke more than a day ago.
   *
   * @throws {StoreUnavailableError}
   */
  deleteOldUploads(): Promise<void>;
  /**
   * Reads a file from an offset on, in chunks of at most 256 KiB, and checks its checksum at the
   * end: an error may follow the last chunk. A file that turns out to be damaged is deleted, so
   * that it can be uploaded again.
   *
   * @throws {ArtifactMissingError} if the file is not stored
   * @throws {ArtifactMismatchError} if the stored bytes were changed or truncated
   * @throws {OffsetError} if the file ends before the offset
   * @throws {StoreUnavailableError}
   */
  open(sha256: Sha256, offset: number): AsyncIterable<Uint8Array>;
}
