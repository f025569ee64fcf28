import { UserError } from "@sintonia/runtime/errors";

/**
 * A store is unreachable or cannot write. Whether the call took effect is unknown. The caller may
 * repeat the call.
 */
export class StoreUnavailableError extends UserError {
  override readonly name = "StoreUnavailableError";
}

/** Size limit of a record in bytes, which every log must take. */
export const RECORD_MAX_BYTES = 1_000_000;

/** A record exceeds the limit of the log. Nothing was stored: the record's input is at fault. */
export class RecordTooLargeError extends Error {
  override readonly name = "RecordTooLargeError";

  constructor(studyId: string, sizeBytes: number, bytesMax: number) {
    super(`The call would add a record of ${sizeBytes} bytes to study ${studyId}, at most ${bytesMax} fit.`);
  }
}

/**
 * The position of a record in the log. It grows with every record of a study, with gaps. 0 stands
 * before the first record.
 */
export type Revision = number;

/** The place of a record that its reader knows. */
export interface RecordPosition {
  readonly revision: Revision;
  /** Number of the record in its study's log, from 1. */
  readonly sequence: number;
}

/** A record of a study log. */
export interface StoredRecord {
  readonly revision: Revision;
  readonly body: Uint8Array;
}

/** The result of an append. */
export type AppendResult =
  /** This call, or an earlier one with the same id, stored the record. */
  | { readonly kind: "appended"; readonly revision: Revision }
  /**
   * The log has another record after `after`, so the caller is outdated. Nothing was stored.
   * `unreadable` is the revision of the last record, if the store has lost its content and no
   * record after `after` can be read.
   */
  | { readonly kind: "conflict"; readonly unreadable?: Revision };

/**
 * The event logs of all studies. Each log is an append-only sequence of records and alone
 * determines the study's state.
 *
 * Writers exclude each other by compare-and-swap: of two appends with the same `after` and
 * different ids, the log stores at most one. The log keeps records until they are erased, and
 * returns their bytes unchanged.
 */
export interface StudyLog {
  /**
   * Lists the ids of all studies with a record, ordered by character codes.
   *
   * @throws {StoreUnavailableError}
   */
  studies(): Promise<readonly string[]>;
  /**
   * Reads a study's records up to the one that was the last at the start of the call. Yields
   * nothing for an unknown study.
   *
   * @param from - begins with the first record of at least this revision. The caller checks that
   *   the record is the one that it knows. @default the first record of the log
   * @throws {StoreUnavailableError} possibly after some records, which are then a prefix of the
   *   log
   */
  read(studyId: string, from?: RecordPosition): AsyncIterable<StoredRecord>;
  /**
   * Returns the revision of a study's last record, read after the start of the call; 0 for an
   * unknown study.
   *
   * @throws {StoreUnavailableError}
   */
  revision(studyId: string): Promise<Revision>;
  /**
   * Returns a study's last record, read after the start of the call; undefined for an unknown
   * study.
   *
   * @throws {StoreUnavailableError}
   */
  last(studyId: string): Promise<StoredRecord | undefined>;
  /**
   * Appends one record. A repeat with the same arguments is safe at any later time and returns the
   * same result.
   *
   * @param body - at most RECORD_MAX_BYTES
   * @param position - `after`: revision of the study's last record, 0 if the log is empty; `id`:
   *   unique to the record within the study, at most 200 visible ASCII characters
   * @throws {StoreUnavailableError} whether the record is stored is then unknown; a repeat of the
   *   call returns the result
   * @throws {RecordTooLargeError} if the store is configured for smaller records
   */
  append(
    studyId: string,
    body: Uint8Array,
    position: { readonly after: Revision; readonly id: string },
  ): Promise<AppendResult>;
  /**
   * Erases a study's records before a revision. A repeat is safe, also after a call that failed in
   * the middle. The positions of the other records stay the same.
   *
   * @returns "refused" if the store was set up so that it keeps records for ever
   * @throws {StoreUnavailableError} some of the records may then be erased
   */
  erase(studyId: string, before: Revision): Promise<"erased" | "refused">;
  /**
   * Makes the records that are appended from then on readable, although the store has damaged
   * ones. Changes no log. A repeat is safe.
   *
   * @returns false if the store takes records and cannot read them
   * @throws {StoreUnavailableError}
   */
  ensureReadable(): Promise<boolean>;
}
