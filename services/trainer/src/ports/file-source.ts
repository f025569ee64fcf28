import type { FileRef } from "@sintonia/protocol/file";

/** A file cannot be had on this machine, and a repeat would not help. */
export class FileUnavailableError extends Error {
  override readonly name = "FileUnavailableError";
}

/** The files that plans name by their content, as files of this machine. */
export interface FileSource {
  /**
   * Returns the path of a local file with the bytes that the reference names. The caller only
   * reads it. It stays until `release`. Waits without time limit while the coordinator is away.
   *
   * @throws {FileUnavailableError} if nobody has the file, or it has no room here; its message is
   *   one line for a person, in which "it" stands for the file
   * @throws the signal's reason if it is aborted
   */
  fetch(ref: FileRef, signal: AbortSignal): Promise<string>;
  /** Gives up all files that were fetched. They may be deleted when others need their room. */
  release(): void;
}

/** The place from which files come that are not on this machine. */
export interface FileOrigin {
  /**
   * Reads a file from an offset on. Ends in bounded time if nothing arrives.
   *
   * @throws {CoordinatorFault} if the origin does not answer, does not have the file, or has fewer
   *   bytes
   * @throws the signal's reason if it is aborted
   */
  read(ref: FileRef, offset: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
}
