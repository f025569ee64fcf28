import type { Tombstone } from "../study/tombstone.js";

/** The end of a copy. */
export interface CopyEnd {
  /** Number of records after the tombstone. */
  readonly sequence: number;
  /** SHA-256 of the last record in hexadecimal digits; empty without one after the tombstone. */
  readonly digest: string;
  /**
   * The record that deleted a former study of this id: the first one, or the last one while the
   * records before it are not erased.
   */
  readonly tombstone?: Tombstone & { readonly isFirst: boolean };
}

/**
 * The coordinator's own copies of the study logs. A copy lags behind its log by the records of the
 * last moments. It is read only at the start of a term, to find and mend what the log has lost. The
 * copy of a deleted study has its tombstone alone.
 */
export interface LogCopies {
  /**
   * Lists the ids of the studies with a copy, in any order.
   *
   * @throws {StoreUnavailableError}
   */
  studies(): Promise<readonly string[]>;
  /**
   * Returns the end of a study's copy with all records added so far; undefined if it is empty.
   *
   * @throws {StoreUnavailableError}
   */
  end(studyId: string): Promise<CopyEnd | undefined>;
  /**
   * Reads a study's copy. The caller checks the chain of the records: a copy may be damaged, or
   * have a record twice.
   *
   * @throws {StoreUnavailableError}
   */
  read(studyId: string): AsyncIterable<Uint8Array>;
  /** Adds a record that the log has stored. It is durable some moments later. Never fails. */
  add(studyId: string, body: Uint8Array): void;
  /** Waits until many more records may be added, if the copies can be written. */
  room(): Promise<void>;
  /**
   * Replaces a study's copy durably and in one step. Records that were added and are not yet
   * written are dropped.
   *
   * @throws {StoreUnavailableError} or an error of `bodies`; the copy is then as before
   */
  replace(studyId: string, bodies: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
  /**
   * Moves a study's copy aside for a person, and begins an empty one.
   *
   * @returns the place of the former copy
   * @throws {StoreUnavailableError}
   */
  setAside(studyId: string): Promise<string>;
}
