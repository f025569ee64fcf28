import type { FailureKind } from "@sintonia/protocol/attempt-result";
import type { LeaseKey } from "@sintonia/protocol/lease";
import type { Measurement, TrialEpoch } from "@sintonia/protocol/measurement";
import type { Sha256, StudyId } from "@sintonia/protocol/names";
import type { SuggestionsResult } from "@sintonia/tuning/oracle/contract/successive-suggestions";
import type { Selection } from "@sintonia/tuning/selection/select-best";
import type { ParameterValue } from "@sintonia/tuning/space/parameter";
import type { SearchLimits, StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Offer, UnfitTrainers } from "../resources/fit.js";
import type { Artifact, TestResult } from "../state/study.js";
import type { Effect } from "./effect.js";

/** A person creates a study. */
export interface CreateStudy {
  readonly type: "create-study";
  readonly studyId: StudyId;
  readonly spec: StudySpec;
}

/** A trainer asks for the lease of an attempt. */
export interface AcquireLease {
  readonly type: "acquire-lease";
  readonly trialId: string;
  readonly attempt: number;
  readonly trainerId: string;
  /**
   * True if a person has cordoned the trainer.
   * @default false
   */
  readonly isCordoned?: boolean;
  /**
   * The trainer's engine and equipment.
   * @default unknown
   */
  readonly offer?: Offer;
  /**
   * Random text of the lease, if it is granted.
   * @default none; the token alone is then the right
   */
  readonly secret?: string;
}

/** A trainer reports an epoch and renews its lease. */
export interface ReportEpoch {
  readonly type: "report-epoch";
  readonly lease: LeaseKey;
  readonly measurement: Measurement;
}

/** A trainer renews its lease. */
export interface Heartbeat {
  readonly type: "heartbeat";
  readonly lease: LeaseKey;
  /** The trainer that calls, if it says so. Only the holder of the lease may renew it. */
  readonly trainerId?: string | undefined;
}

/**
 * A trainer has uploaded a checkpoint. `execution` and `epoch` name the last epoch that the
 * checkpoint covers.
 */
export interface SaveCheckpoint extends TrialEpoch {
  readonly type: "save-checkpoint";
  readonly lease: LeaseKey;
  /** The stored checkpoint. */
  readonly artifact: Artifact;
}

/** A trainer resumes the trial from a checkpoint. */
export interface ResumeTrial {
  readonly type: "resume-trial";
  readonly lease: LeaseKey;
  /** Checksum of a checkpoint of the trial. */
  readonly sha256: Sha256;
}

/** A trainer has trained the trial to its end. */
export interface CompleteTrial {
  readonly type: "complete-trial";
  readonly lease: LeaseKey;
  /** The stored weights. */
  readonly weights: Artifact;
  /**
   * For each execution, the epoch whose weights training kept; empty if it kept those of the best
   * epochs.
   */
  readonly keptEpochs: readonly number[];
  /** Facts about the model by name, which the plan asked the trainer to measure. @default none */
  readonly facts?: Readonly<Record<string, number>>;
}

/** A trainer ends its attempt without weights. */
export interface FailTrial {
  readonly type: "fail-trial";
  readonly lease: LeaseKey;
  readonly kind: FailureKind;
  readonly message: string;
}

/** A person stops the study. */
export interface StopStudy {
  readonly type: "stop-study";
  readonly reason: string;
  /** True to let the trials under way end first. @default they are cancelled */
  readonly afterRunning?: boolean;
}

/** A person pauses the study. */
export interface PauseStudy {
  readonly type: "pause-study";
  readonly reason: string;
}

/** A person resumes the paused study. */
export interface ResumeStudy {
  readonly type: "resume-study";
}

/** A person cancels a trial. */
export interface CancelTrial {
  readonly type: "cancel-trial";
  readonly trialId: string;
  readonly reason: string;
}

/** A person chooses the values of a trial. */
export interface EnqueueTrial {
  readonly type: "enqueue-trial";
  /** Not checked yet; a value for each active parameter. */
  readonly values: Readonly<Record<string, ParameterValue>>;
}

/** A person wants the values of a trial to be tried again. */
export interface RetryTrial {
  readonly type: "retry-trial";
  readonly trialId: string;
}

/** A person gives the study a larger budget. */
export interface ExtendStudy {
  readonly type: "extend-study";
  /** The new limits, in the ranges of a spec. A limit that is absent stays. */
  readonly limits: Partial<SearchLimits>;
}

/** A person deletes the study. */
export interface DeleteStudy {
  readonly type: "delete-study";
  /** True to cancel a study that has not ended. @default such a study is not deleted */
  readonly cancels: boolean;
}

/** The oracle answers `request-suggestions`. */
export interface SuggestionsReady {
  readonly type: "suggestions-ready";
  /** Number of the first trial for which the shell requested suggestions. */
  readonly trialNumber: number;
  /** Number of the study's events at the time of the request. */
  readonly basis: number;
  /** One for each of the successive trials; fewer than requested if the oracle took its time. */
  readonly suggestions: SuggestionsResult;
}

/** The selection rule answers `choose-contenders`. */
export interface ContendersReady {
  readonly type: "contenders-ready";
  /** That of `choose-contenders`. A stopped study may have been extended meanwhile. */
  readonly reopenings: number;
  /** Best first. */
  readonly trialIds: readonly string[];
}

/** The selection rule answers `select-best`. */
export interface SelectionReady {
  readonly type: "selection-ready";
  readonly selection: Selection;
}

/** The evaluator answers `evaluate-best`. */
export interface BestEvaluated {
  readonly type: "best-evaluated";
  /** The evaluated trial. An extended study may have chosen another one meanwhile. */
  readonly trialId: string;
  readonly test: TestResult;
  readonly models: readonly Artifact[];
}

/** The evaluator cannot answer `evaluate-best` at present. The shell tries again. */
export interface EvaluationFailed {
  readonly type: "evaluation-failed";
  readonly trialId: string;
  readonly message: string;
}

/** An effect met a fault that a repeat would meet again. */
export interface EffectFailed {
  readonly type: "effect-failed";
  readonly effect: Effect;
  /** The fault in one line. */
  readonly message: string;
}

/** Time has passed. Leases expire and the capacity changes with this input only. */
export interface Tick {
  readonly type: "tick";
  /** Number of trainers of `trainerIds` that this study may count on, at least 0. */
  readonly capacity: number;
  /** Ids of the live trainers that have the study's resources and are not cordoned. */
  readonly trainerIds: readonly string[];
  /**
   * Ids of the live trainers that have the study's resources and that a person has cordoned.
   * @default none
   */
  readonly cordonedTrainerIds?: readonly string[];
  /** Ids of those of `trainerIds` that hold a lease of any study. @default none */
  readonly busyTrainerIds?: readonly string[];
  /** The live trainers that lack resources of the study. @default none */
  readonly unfitTrainers?: UnfitTrainers;
  /**
   * Reason for which what trials leave cannot be stored, in one line: no new trial starts.
   * @default it can
   */
  readonly storageFault?: string | undefined;
}

/** The evaluator answers `check-test-data`. The shell repeats a check that found a fault. */
export interface TestDataChecked {
  readonly type: "test-data-checked";
  /** Reason for which the test split cannot be read, in one line; absent if it can. */
  readonly fault?: string;
}

/** Every input of an existing study. */
export type StudyInput =
  | AcquireLease
  | ReportEpoch
  | SaveCheckpoint
  | ResumeTrial
  | Heartbeat
  | CompleteTrial
  | FailTrial
  | StopStudy
  | PauseStudy
  | ResumeStudy
  | CancelTrial
  | EnqueueTrial
  | RetryTrial
  | ExtendStudy
  | DeleteStudy
  | SuggestionsReady
  | ContendersReady
  | SelectionReady
  | BestEvaluated
  | EvaluationFailed
  | EffectFailed
  | TestDataChecked
  | Tick;
