/** A file to read: where it is, and how messages call it. */
export interface DataFile {
  /** Path in the file system. */
  readonly path: string;
  /** Path as the plan writes it. */
  readonly name: string;
}

/** Receives the share of a file that was read, from 0 to 1. */
export type Progress = (share: number) => void;
