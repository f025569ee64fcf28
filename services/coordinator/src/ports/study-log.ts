import { UserError } from "@sintonia/runtime/errors";

/** A store could not be reached or could not write. Whether the last call took effect is unknown; it may be repeated. */
export class StoreUnavailableError extends UserError {
  override readonly name = "StoreUnavailableError";
}

/** Place of a record in the log of its study: grows from record to record, with gaps. 0 stands before the first. */
export type Revision = number;

/** A record as it was appended. */
export interface StoredRecord {
  readonly revision: Revision;
  readonly body: Uint8Array;
}

/** What became of an append. */
export type AppendResult =
  /** The record is stored, by this call or by an earlier one with the same id. */
  | { readonly kind: "appended"; readonly revision: Revision }
  /** Another record follows on `after`: the caller no longer knows the log's end. Nothing was stored. */
  | { readonly kind: "conflict" };

/**
 * The event logs of all studies: one append-only sequence of records each, the only truth about a study.
 *
 * Writers exclude each other by compare-and-swap: of two appends with the same `after` and different ids, at most one is
 * stored. Records are kept for ever and read back byte for byte.
 */
export interface StudyLog {
  /**
   * Ids of all studies that have a record, in the order of their character codes.
   *
   * @throws {StoreUnavailableError}
   */
  studies(): Promise<readonly string[]>;
  /**
   * Reads a study's records from the first to the one that was last when reading began. Nothing for an unknown study.
   *
   * @throws {StoreUnavailableError} also in the middle: what was read until then is a prefix of the log
   */
  read(studyId: string): AsyncIterable<StoredRecord>;
  /**
   * Revision of a study's last record at a moment after the call was made; 0 for an unknown study.
   *
   * @throws {StoreUnavailableError}
   */
  revision(studyId: string): Promise<Revision>;
  /**
   * Appends one record. A repeat with the same arguments is safe at any later time and has the same answer.
   *
   * @param body - at most 1,000,000 bytes
   * @param place - `after`: revision of the study's last record, 0 for none; `id`: unique to the record within the study, at
   *   most 200 visible ASCII characters
   * @throws {StoreUnavailableError} the record may or may not be stored then; repeating the call settles it
   */
  append(
    studyId: string,
    body: Uint8Array,
    place: { readonly after: Revision; readonly id: string },
  ): Promise<AppendResult>;
}
