import type { StudyId, TrialId } from "@sintonia/protocol/names";
import type { OutputPart } from "@sintonia/protocol/output";

/** The trial whose output is stored. */
export interface OutputOwner {
  readonly studyId: StudyId;
  readonly trialId: TrialId;
}

/** The attempt whose output is stored. */
export interface OutputKey extends OutputOwner {
  /** Counted from 1. */
  readonly attempt: number;
}

/** Number of attempts of a trial whose output is kept; the newest ones that have output. */
export const OUTPUT_ATTEMPTS_MAX = 5;

/**
 * A store of the output of attempts: what programs write for people. It keeps the oldest 64 KiB and
 * the newest 192 KiB of each attempt. Output decides nothing, so a write need not survive a crash
 * of the machine, and any part may be lost.
 */
export interface OutputStore {
  /**
   * Appends a part. Bytes before the end of the newest part have been appended before and are
   * skipped, so that a repeat changes nothing. A part behind that end leaves a gap. Several callers
   * may append at once. Deletes the output of older attempts beyond OUTPUT_ATTEMPTS_MAX.
   *
   * @returns the offset behind the newest byte
   * @throws {StoreUnavailableError} if the store is full, read-only or unreachable
   */
  append(key: OutputKey, part: OutputPart): Promise<number>;
  /**
   * Reads the kept parts from an offset on, in the order of their offsets; none if nothing is
   * stored. At most 256 KiB in all.
   *
   * @throws {StoreUnavailableError}
   */
  read(key: OutputKey, from: number): Promise<readonly OutputPart[]>;
  /**
   * Returns the attempts of a trial that have output, in ascending order.
   *
   * @throws {StoreUnavailableError}
   */
  attempts(owner: OutputOwner): Promise<readonly number[]>;
  /**
   * Lists the ids of the studies that have output, in any order.
   *
   * @throws {StoreUnavailableError}
   */
  studies(): Promise<readonly StudyId[]>;
  /**
   * Deletes the output of a study. Call this before a study is created: the store may have output
   * of a former study of this id, whose log is gone, and would take new output for a repeat.
   *
   * @throws {StoreUnavailableError}
   */
  deleteStudy(studyId: StudyId): Promise<void>;
}
