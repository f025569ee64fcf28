// A study's durable state, which the events of its log rebuild. The state is plain JSON, so that
// equal logs give equal bytes.

import type { Measurement } from "@sintonia/protocol/measurement";
import { nameOf, type Sha256, type StudyId, TEST_RUN_ID, TRIAL_ID, type TrialId } from "@sintonia/protocol/names";
import type { Outlook, SuggestionSource } from "@sintonia/tuning/oracle/contract/suggestion";
import type { Evidence } from "@sintonia/tuning/pruner/contract/pruner";
import type { Selection } from "@sintonia/tuning/selection/select-best";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import type { SearchLimit, SearchLimits, StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Measurements } from "../measurements/measurements.js";
import type { OutlookRuns } from "../spending/outlook-runs.js";

/** The status of a study. `apply.ts` lists how each is entered and left. */
export type StudyStatus = "active" | "finalizing" | "completed" | "stopped" | "failed";

/** The state of a trial. `transitions.ts` lists how each is entered and left. */
export type TrialState =
  | "queued"
  | "leased"
  | "running"
  | "paused"
  | "completed"
  | "pruned"
  | "failed"
  | "infeasible"
  | "cancelled";

/** The content of an artifact. */
export type ArtifactKind =
  | "weights"
  | "tfjs-model"
  | "tfjs-weights"
  | "onnx-model"
  | "checkpoint"
  | "program-files"
  | "preparation";

/** A reference to stored bytes by their checksum. */
export interface Artifact {
  readonly kind: ArtifactKind;
  /** Checksum of the bytes. */
  readonly sha256: Sha256;
  readonly sizeBytes: number;
}

/**
 * The grant of a lease. A settled trial keeps its last grant, so that the study recognises a
 * repeated last call.
 */
export interface LeaseGrant {
  /** Fencing token. The study raises the token with every lease, from 1. */
  readonly token: number;
  readonly trainerId: string;
  /** Random text that a call under the lease must carry. Undefined for no such text. */
  readonly secret?: string;
}

/** A stored checkpoint, from which a later attempt of the trial may resume. */
export interface CheckpointRecord {
  readonly artifact: Artifact;
  /**
   * The measurements of the epochs that the checkpoint covers, from the first epoch on; at least
   * one.
   */
  readonly measurements: readonly Measurement[];
}

/** The lost attempts of a trial. */
export interface Losses {
  /** Number of lost attempts that count against the budget's maximum. */
  readonly counted: number;
  /** Largest number of epochs that a lost attempt had. */
  readonly furthest: number;
  /** Number of lost attempts since the one that got furthest. */
  readonly stalled: number;
  /** Trainers that were set aside on suspicion, because of this trial. */
  readonly suspects: readonly string[];
}

/** A trainer that gets no trials of the study for some time. */
export interface SetAsideTrainer {
  readonly trainerId: string;
  /** The trial that the trainer could not train. */
  readonly trialId: string;
  readonly reason: string;
  /** True if the trial may be the cause instead of the trainer. */
  readonly isSuspected: boolean;
  /** Wall time in milliseconds since 1970. */
  readonly since: number;
}

/** The origin of a trial: an oracle, the spec, or the selection rule. */
export type TrialSource = SuggestionSource | "replicate";

/** The part of a replicate in the comparison of contenders. */
export interface Replication {
  /** The contender that this trial executes again. */
  readonly trialId: string;
  /** Counted from 0. Trials of one round have the same seed. */
  readonly round: number;
}

/** A trial of a study. */
export interface Trial {
  /**
   * The number in decimal digits; in logs of 0.1, with zeros before it. Of a test run,
   * `TEST_RUN_ID`.
   */
  readonly id: TrialId;
  /** Place among the trials of the study, from 0. Of a test run, that of the tested trial. */
  readonly number: number;
  readonly state: TrialState;
  readonly values: ParameterValues;
  readonly source: TrialSource;
  /** True if the oracle chose a point that almost certainly completes. @default false */
  readonly isCautious?: true;
  /** Present in a replicate. */
  readonly replicates?: Replication;
  /** The failed or cancelled trial whose values this one tries again at a person's request. */
  readonly retries?: TrialId;
  /** The trial that this run measures. Present in a test run alone. */
  readonly tests?: TrialId;
  /** Counted from 1. */
  readonly attempt: number;
  readonly lease?: LeaseGrant;
  /** Number of epochs that the checkpoint covered from which this attempt resumed. @default 0 */
  readonly resumedEpochs?: number;
  readonly losses: Losses;
  /** Time under the leases of earlier attempts, in milliseconds. @default 0 */
  readonly leasedMs?: number;
  /** Measurements of this attempt in order, including those that its checkpoint covers. */
  readonly measurements: Measurements;
  /** Newest first, at most two; empty once the trial has ended. */
  readonly checkpoints: readonly CheckpointRecord[];
  /** Mean of `objectives`; present in a completed trial. */
  readonly objective?: number;
  /**
   * Objective of each execution's kept epoch; present in a completed trial, except in logs of 0.1.
   */
  readonly objectives?: readonly number[];
  /**
   * Values of each outcome by execution, or one for the whole trial. Present in a completed trial
   * of a study with several objectives or limits on outcomes.
   */
  readonly outcomes?: Readonly<Record<string, readonly number[]>>;
  /** Present in a completed trial. */
  readonly weights?: Artifact;
  /** Epochs of the highest rung that the trial was promoted from. @default 0 */
  readonly promotedFrom?: number;
  /** The pruner's reasons; present in a paused or pruned trial. */
  readonly evidence?: Evidence;
  /** Reason of the trial's end; before it, of the last attempt's. */
  readonly message?: string;
  /**
   * Wall time of this attempt's lease, in milliseconds since 1970; absent while the trial is
   * queued.
   */
  readonly startedAt?: number;
  /**
   * Wall time of the latest report of an epoch in this attempt, or of its resumption from a
   * checkpoint, in milliseconds since 1970; absent before the first.
   */
  readonly reportedAt?: number;
  /** Wall time in milliseconds since 1970. */
  readonly endedAt?: number;
}

/**
 * The result of the best model on the test split. Accuracies are in [0, 1], a cross-entropy is in
 * nats.
 */
export interface TestResult {
  readonly loss: number;
  /** 0 for a regression, which has no accuracy. */
  readonly accuracy: number;
  /** Lower bound of the accuracy's confidence interval. */
  readonly accuracyLow: number;
  /** Upper bound of the accuracy's confidence interval. */
  readonly accuracyHigh: number;
  readonly examples: number;
  /** Further metrics, that of the objective first. @default none */
  readonly scores?: readonly TestScore[];
  /** Metrics that the test split leaves undefined. @default none */
  readonly undefinedScores?: readonly UndefinedScore[];
}

/** A metric without a value on the test split. */
export interface UndefinedScore {
  /** Name of the metric without `val_`, such as auc. */
  readonly name: string;
  /** For a person. */
  readonly reason: string;
}

/** A metric of the best model on the test split, with its 95 % interval. */
export interface TestScore {
  /** Name of the metric without `val_`, such as auc. */
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A point that a person enqueued. */
export interface EnqueuedPoint {
  readonly values: ParameterValues;
  /** The trial that the point tries again. */
  readonly retries?: string;
}

/** A pause that a person has asked for. */
export interface StudyPause {
  readonly reason: string;
  /** Wall time in milliseconds since 1970. */
  readonly since: number;
}

/** A stop after the running trials that a person has asked for. */
export interface StudyStop {
  readonly reason: string;
  /** Wall time of the request in milliseconds since 1970. */
  readonly since: number;
}

/**
 * A reading of the test split. Its figures are those of a model, whatever is chosen later: a trial
 * that is chosen again keeps them.
 */
export interface TestReading {
  /** The best trial at that time, or another one of the front. */
  readonly trialId: TrialId;
  /**
   * Wall time of the study's end with these figures, or of the reading of another trial of the
   * front, in milliseconds since 1970.
   */
  readonly endedAt: number;
  readonly test?: TestResult;
  /** Present in a program's study. */
  readonly testRun?: Trial;
  /** Present in a program's study. */
  readonly testMetrics?: Readonly<Record<string, number>>;
  readonly models: readonly Artifact[];
}

/** The limit that ended the search of a study. */
export interface SpentLimit {
  readonly limit: SearchLimit;
  /** The limit's value at that time. */
  readonly max: number;
  /**
   * The trial whose report spent the last epoch. Its training may have ended with that epoch, so
   * the trial may still complete.
   */
  readonly finishing?: string;
  /** The outlook that reached a limit of improvement. */
  readonly outlook?: Outlook;
}

/** A study. */
export interface Study {
  readonly id: StudyId;
  readonly spec: StudySpec;
  readonly status: StudyStatus;
  /** Ordered by number. */
  readonly trials: readonly Trial[];
  /** Limits of the search that a person set. @default those of the spec */
  readonly limits?: Partial<SearchLimits>;
  /** Number of times that a person extended the study after its end. @default 0 */
  readonly reopenings?: number;
  /** Points that persons enqueued, in the order of the calls. @default none */
  readonly enqueued?: readonly EnqueuedPoint[];
  /** Number of trials that wait for a trainer or have one. */
  readonly outstandingCount: number;
  /** Number of reports of epochs that the trials of the search made, over all attempts. */
  readonly epochsSpent: number;
  /** Time under the ended leases of the search's trials, in milliseconds. */
  readonly leasedMs: number;
  /** The latest outlook of the oracle; absent before the first. */
  readonly outlook?: Outlook;
  /** Outlooks in a row that were below the limits of improvement; absent before the first. */
  readonly outlookRuns?: OutlookRuns;
  /** The limit that ended the search. The study then ends before `maxTrials`. */
  readonly spentLimit?: SpentLimit;
  /** Number of events so far. */
  readonly eventCount: number;
  /** Token of the latest lease; 0 before the first. */
  readonly lastToken: number;
  /** Number of trials that failed since the last trial completed. */
  readonly consecutiveFailures: number;
  /** Number of cautious trials among them. */
  readonly cautiousFailures: number;
  /**
   * True if the oracle has no further suggestion. The study then ends before its budget is spent.
   */
  readonly oracleExhausted?: boolean;
  /** The fault of the oracle, if a fault ended the search. */
  readonly oracleFault?: string;
  /** True once the oracle's trials have ended and the contenders are to be executed again. */
  readonly searchEnded?: boolean;
  /**
   * Trials that the study executes again, best first; absent until the selection rule has chosen
   * them.
   */
  readonly contenders?: readonly string[];
  /** Status of the study after the evaluation of its best trial; present from finalizing on. */
  readonly ending?: "completed" | "stopped";
  /** The best trial; present once the selection rule has chosen it. */
  readonly bestTrialId?: string;
  /** The choice of the best trial with its reasons. Logs of 0.1 lack it. */
  readonly selection?: Selection;
  readonly test?: TestResult;
  /**
   * The run that measures the best trial of a program's study. Trainers lease it as a trial, but
   * all that counts, observes or compares trials leaves it out.
   */
  readonly testRun?: Trial;
  /** The metrics that the test run reported, by name; present once it has completed. */
  readonly testMetrics?: Readonly<Record<string, number>>;
  readonly models: readonly Artifact[];
  /**
   * Readings of the test split before the study was extended, and those of other trials of the
   * front, in their order.
   *
   * @default none
   */
  readonly earlierReadings?: readonly TestReading[];
  /** Number of attempts of test runs before the study was extended. @default 0 */
  readonly testAttempts?: number;
  /** Reason for which the best trial could not be evaluated; absent once it is evaluated. */
  readonly evaluationFault?: string;
  /** Trainers that get no trials, the one that waits longest first; at most 100. */
  readonly setAside: readonly SetAsideTrainer[];
  /** Present while the active study is paused. */
  readonly pause?: StudyPause;
  /** Present while the active study waits for the end of its last trials. */
  readonly stopping?: StudyStop;
  readonly message?: string;
  /** Wall time in milliseconds since 1970. */
  readonly createdAt: number;
  readonly endedAt?: number;
  /** Wall time of the last event, in milliseconds since 1970. */
  readonly changedAt: number;
  /** Time in which no coordinator ran the study, or a person had paused it, in milliseconds. */
  readonly interruptedMs: number;
  /** True once a person has deleted the study. */
  readonly isDeleted?: true;
}

const OUTSTANDING: ReadonlySet<TrialState> = new Set(["queued", "leased", "running"]);

/** Tells whether a trial waits for a trainer or has one. */
export function isOutstanding(trial: Trial): boolean {
  return OUTSTANDING.has(trial.state);
}

/** Tells whether a trial has ended. A paused trial has not, and no trainer can take it. */
export function hasEnded(trial: Trial): boolean {
  return !isOutstanding(trial) && trial.state !== "paused";
}

/** Tells whether a trainer may hold a valid lease of the trial. */
export function isLeased(trial: Trial): boolean {
  return trial.state === "leased" || trial.state === "running";
}

/** Tells whether the study has ended. It changes no more unless a person extends or deletes it. */
export function isOver(study: Study): boolean {
  return study.status === "completed" || study.status === "stopped" || study.status === "failed";
}

/** Returns the largest number of trials, apart from replicates. */
export function maxTrialsOf({ limits, spec }: Study): number {
  return limits?.maxTrials ?? spec.budget.maxTrials;
}

/** Tells whether the study may queue further trials. */
export function beginsTrials({ status, pause, stopping }: Study): boolean {
  return status === "active" && pause === undefined && stopping === undefined;
}

/** Tells whether the search of the study goes on: it may queue further trials of the oracle. */
export function isSearching(study: Study): boolean {
  return beginsTrials(study) && study.searchEnded !== true && study.spentLimit === undefined;
}

/** Returns all that trainers may lease: the trials, and the test run. */
export function leasableTrials({ trials, testRun }: Pick<Study, "trials" | "testRun">): readonly Trial[] {
  return testRun === undefined ? trials : [...trials, testRun];
}

/** Finds a trial, or the test run, by its id. */
export function findTrial(study: Study, trialId: string): Trial | undefined {
  if (trialId === TEST_RUN_ID) return study.testRun;
  const trial = study.trials[Number(trialId)];
  return trial?.id === trialId ? trial : undefined;
}

/** The changes that an event makes to a study. */
export interface Change {
  /** Fields of the study; undefined removes a field. */
  readonly fields?: { readonly [K in keyof Omit<Study, "trials">]?: Study[K] | undefined };
  /** A new trial, or the new state of a trial or of the test run. */
  readonly trial?: Trial;
  /** A measurement that follows those of the trial. */
  readonly measurement?: Measurement;
}

/**
 * Finds a trial by its number as a person writes it: zeros before the digits do not count. The test
 * run has its id instead. Returns undefined if the text names no trial of this study.
 */
export function findTrialByNumber({ trials, testRun }: Study, text: string): Trial | undefined {
  if (text === TEST_RUN_ID) return testRun;
  return /^\d{1,9}$/.test(text) ? trials[Number(text)] : undefined;
}

/**
 * Returns the id of a new trial: its number in decimal digits, whatever the budget. A study whose
 * first id has zeros before the digits, as in logs of 0.1, keeps the width of this id.
 */
export function trialIdOf(number: number, { trials }: Pick<Study, "trials">): TrialId {
  return nameOf(TRIAL_ID, String(number).padStart(trials[0]?.id.length ?? 1, "0"));
}
