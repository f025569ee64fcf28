import type { Sha256 } from "./names.js";

/** A reference to a file that a study needs: data, a module, or a part of a program. */
export interface FileRef {
  /** Checksum of the bytes. */
  readonly sha256: Sha256;
  readonly sizeBytes: number;
}

/** Size limit of a file, in bytes. */
export const FILE_MAX_BYTES = 2 * 2 ** 30;

/** Limit of the files that one call asks about. */
export const FILES_MAX = 1_000;
