import type { FileRef } from "@sintonia/protocol/file";
import type { FileAddress } from "@sintonia/tuning/plan/file/file-address";

/** A file that a plan names, and its source. */
export interface WantedFile extends FileRef {
  /** @default the coordinator */
  readonly source?: FileAddress | undefined;
}

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
  fetch(file: WantedFile, signal: AbortSignal): Promise<string>;
  /** Gives up all files that were fetched. They may be deleted when others need their room. */
  release(): void;
}

/**
 * The number of repeats that a fault deserves: `unlimited` while the system is down as a whole,
 * `some` if it may pass, `one` if it hardly will, `none` if no repeat will be answered.
 */
export type FaultRepeats = "unlimited" | "some" | "one" | "none";

/** An origin does not give a file. The message is one line, in which "it" stands for the file. */
export class OriginFault extends Error {
  override readonly name = "OriginFault";
  readonly repeats: FaultRepeats;

  constructor(message: string, repeats: FaultRepeats, options?: ErrorOptions) {
    super(message, options);
    this.repeats = repeats;
  }
}

/** The place from which files come that are not on this machine. */
export interface FileOrigin {
  /**
   * Reads a file from an offset on. Ends in bounded time if nothing arrives.
   *
   * @throws {OriginFault} if the origin does not answer, does not have the file, or has fewer bytes
   * @throws the signal's reason if it is aborted
   */
  read(file: WantedFile, offset: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
}
