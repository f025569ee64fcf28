import type { Importance, ImportanceOptions } from "@sintonia/tuning/importance/importance";
import type { Slice, SlicePlan } from "@sintonia/tuning/surrogate/belief/slice";
import type { StudyTrainers, Waiting } from "../core/query/waiting.js";
import { findTrial, type Study, type Trial } from "../core/state/study.js";
import type { RecordPosition, StoredRecord } from "../ports/study-log.js";
import type { ChainHead } from "./study/journal.js";
import type { StudyUpdate } from "./study/study-feed.js";
import type { TrialExplanation } from "./trial-explanation.js";

/** A study that is set aside, because its log cannot be read. */
export interface DamagedStudy {
  /** Name of the log. May have another form than a study's id. */
  readonly studyId: string;
  readonly reason: string;
  /** What a person can do, in one line. */
  readonly advice: string;
}

/** A study of which a tombstone is left. */
export interface DeletedStudy {
  readonly studyId: string;
  /** Wall time of the deletion in milliseconds since 1970. */
  readonly at: number;
  /** The end of the log, on which another study of this id builds. */
  readonly head: ChainHead;
}

/** The present circumstances of a study, which its log does not contain. */
export interface Standing {
  /** Absent if nothing holds the study. */
  readonly waiting?: Waiting | undefined;
  /** The trainers for which its trials wait; absent while no coordinator runs the study. */
  readonly trainers?: StudyTrainers | undefined;
  /**
   * Milliseconds since the study's creation, without pauses and interruptions; ends with the study.
   */
  readonly activeMs: number;
  /**
   * Wall time of these circumstances in milliseconds since 1970.
   *
   * @default the time of the study's last event
   */
  readonly wallMs?: number;
}

/** The questions about studies: what a coordinator answers, and an archive of its logs as well. */
export interface Studies {
  /** Returns all studies, oldest first. */
  studies(): readonly Study[];
  /** Finds a study by its id. */
  study(studyId: string): Study | undefined;
  /** Returns the circumstances of a study. */
  standing(study: Study): Standing;
  /** Finds a study that a person has deleted, while no other study has its id. */
  deletedStudy(studyId: string): DeletedStudy | undefined;
  /** Finds a study that is set aside by its id. */
  damagedStudy(studyId: string): DamagedStudy | undefined;
  /** Returns the studies that are set aside, ordered by id. */
  damagedStudies(): readonly DamagedStudy[];
  /**
   * Explains the values of a trial.
   *
   * @throws as `explainTrial` does
   */
  explain(studyId: string, trialId: string): Promise<TrialExplanation>;
  /**
   * Computes the importance of a study's parameters from its completed trials; undefined if they
   * are too few.
   */
  importance(study: Study, options: ImportanceOptions): Promise<Importance | undefined>;
  /**
   * Computes the posterior of a study's objective along a line or over a plane of its search space;
   * undefined if too few trials have completed.
   */
  slice(study: Study, plan: SlicePlan): Promise<Slice | undefined>;
  /** Returns the number of trainers that gave a sign of life within one lease's time to live. */
  trainerCount(): number;
  /** Watches a study until it is over; undefined if there is no such study. */
  watch(studyId: string, signal: AbortSignal): AsyncIterable<StudyUpdate> | undefined;
  /**
   * Reads the records of a study's log; none for an unknown study.
   *
   * @param from - as in `StudyLog.read`. @default the first record
   * @throws {StoreUnavailableError} also after the last record, if the store has lost a later one
   */
  records(studyId: string, from?: RecordPosition): AsyncIterable<StoredRecord>;
}

/** Finds a trial of a study by the ids of both. */
export function trialOf(
  studies: Pick<Studies, "study">,
  { studyId, trialId }: { readonly studyId: string; readonly trialId: string },
): Trial | undefined {
  const study = studies.study(studyId);
  return study && findTrial(study, trialId);
}

/** Orders studies by their creation, oldest first. */
export function byCreation(a: Study, b: Study): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}

/** Orders studies that are set aside by their ids. */
export function byId(a: DamagedStudy, b: DamagedStudy): number {
  return a.studyId < b.studyId ? -1 : 1;
}
