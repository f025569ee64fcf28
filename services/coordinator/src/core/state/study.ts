// What a study is: the state that the events of its log add up to. Plain JSON throughout, so that equal logs give equal bytes.

import type { Measurement } from "@sintonia/protocol/measurement";
import type { SuggestionSource } from "@sintonia/tuning/oracle/contract/oracle";
import type { Selection } from "@sintonia/tuning/selection/select-best";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";

export type StudyStatus = "active" | "finalizing" | "completed" | "stopped" | "failed";
export type TrialState = "queued" | "leased" | "running" | "completed" | "failed" | "infeasible" | "cancelled";

export type ArtifactKind = "weights" | "tfjs-model" | "tfjs-weights" | "onnx-model" | "checkpoint";

/** Points to stored bytes by their content. */
export interface Artifact {
  readonly kind: ArtifactKind;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** The right to train an attempt. Kept after the trial has ended, so that a repeated last report is recognised. */
export interface LeaseGrant {
  /** Grows at every lease of the study, from 1. */
  readonly token: number;
  readonly trainerId: string;
}

/** What a later attempt of a trial may go on from. */
export interface CheckpointRecord {
  readonly artifact: Artifact;
  /** Of the epochs that it covers: all up to one, at least the first. */
  readonly measurements: readonly Measurement[];
}

/** Where a trial came from: an oracle, the spec, or the selection rule. */
export type TrialSource = SuggestionSource | "replicate";

/** The part of a trial in a comparison of the best ones. */
export interface Replication {
  /** The trial that is executed again. */
  readonly trialId: string;
  /** From 0; trials of one round have the same seed. */
  readonly round: number;
}

export interface Trial {
  /** The number, padded with zeros to the width of the study's largest. */
  readonly id: string;
  readonly number: number;
  readonly state: TrialState;
  readonly values: ParameterValues;
  readonly source: TrialSource;
  /** Of a replicate. */
  readonly replicates?: Replication;
  /** From 1. */
  readonly attempt: number;
  readonly lease?: LeaseGrant;
  /** Of this attempt, in order, those that its checkpoint covers included. */
  readonly measurements: readonly Measurement[];
  /** Best first, at most two; none once the trial has ended. */
  readonly checkpoints: readonly CheckpointRecord[];
  /** Of a completed trial: the mean over executions of each one's kept epoch. */
  readonly objective?: number;
  /** Of a completed trial: the objective of each execution. Logs of 0.1 lack it. */
  readonly objectives?: readonly number[];
  /** Of a completed trial. */
  readonly weights?: Artifact;
  readonly message?: string;
  /** Wall time in milliseconds since 1970 at which the lease of this attempt was granted. */
  readonly startedAt?: number;
  /** Wall time in milliseconds since 1970. */
  readonly endedAt?: number;
}

/** The best model on the test split; accuracies in [0, 1], loss in nats. */
export interface TestResult {
  readonly loss: number;
  readonly accuracy: number;
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
  readonly examples: number;
}

export interface Study {
  readonly id: string;
  readonly spec: StudySpec;
  readonly status: StudyStatus;
  /** By number. */
  readonly trials: readonly Trial[];
  /** Events that led here. */
  readonly eventCount: number;
  /** Token of the latest lease; 0 before the first. */
  readonly lastToken: number;
  /** Failed trials since the last completed one, in order of their ends. */
  readonly consecutiveFailures: number;
  /** Whether the oracle has no further trial to propose, so that the study ends before its budget is spent. */
  readonly oracleExhausted?: boolean;
  /** Whether the oracle's trials have ended and the best of them are to be executed again. */
  readonly searchEnded?: boolean;
  /** Trials that are executed again, best first; set once they are known. */
  readonly contenders?: readonly string[];
  /** What the study will be once its best trial is evaluated; set while finalizing. */
  readonly ending?: "completed" | "stopped";
  /** The trial chosen at the end; set while finalizing. */
  readonly bestTrialId?: string;
  /** How it was chosen. Logs of 0.1 lack it. */
  readonly selection?: Selection;
  readonly test?: TestResult;
  readonly models: readonly Artifact[];
  readonly message?: string;
  /** Wall time in milliseconds since 1970. */
  readonly createdAt: number;
  readonly endedAt?: number;
}

const OUTSTANDING: ReadonlySet<TrialState> = new Set(["queued", "leased", "running"]);

/** Whether a trial still has work ahead of it. */
export function isOutstanding(trial: Trial): boolean {
  return OUTSTANDING.has(trial.state);
}

/** Whether a trainer may hold a valid lease of the trial. */
export function isLeased(trial: Trial): boolean {
  return trial.state === "leased" || trial.state === "running";
}

/** Whether the study has ended and nothing will change any more. */
export function isOver(study: Study): boolean {
  return study.status === "completed" || study.status === "stopped" || study.status === "failed";
}

/** The trial of that id. */
export function findTrial(study: Study, trialId: string): Trial | undefined {
  return study.trials.find((trial) => trial.id === trialId);
}

/** Id of the trial of that number in a study of at most `maxTrials` trials; KerasTuner's form ("00" to "09" for ten). */
export function trialIdOf(number: number, maxTrials: number): string {
  return String(number).padStart(String(maxTrials).length, "0");
}
