import type { FailureKind } from "@sintonia/protocol/attempt-result";
import type { LeaseKey, LeaseRefusal } from "@sintonia/protocol/lease";
import type { Measurement } from "@sintonia/protocol/measurement";
import type { Suggestion } from "@sintonia/tuning/oracle/contract/oracle";
import type { Selection } from "@sintonia/tuning/selection/select-best";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Artifact, LeaseGrant, TestResult } from "../state/study.js";

export interface CreateStudy {
  readonly type: "create-study";
  readonly studyId: string;
  readonly spec: StudySpec;
}
export interface AcquireLease {
  readonly type: "acquire-lease";
  readonly trialId: string;
  readonly attempt: number;
  readonly trainerId: string;
}
export interface ReportEpoch {
  readonly type: "report-epoch";
  readonly lease: LeaseKey;
  readonly measurement: Measurement;
}
export interface Heartbeat {
  readonly type: "heartbeat";
  readonly lease: LeaseKey;
}
export interface SaveCheckpoint {
  readonly type: "save-checkpoint";
  readonly lease: LeaseKey;
  /** Already stored. */
  readonly artifact: Artifact;
  /** Of the last epoch that the checkpoint covers. */
  readonly execution: number;
  readonly epoch: number;
}
export interface ResumeTrial {
  readonly type: "resume-trial";
  readonly lease: LeaseKey;
  /** Of a checkpoint of the trial. */
  readonly sha256: string;
}
export interface CompleteTrial {
  readonly type: "complete-trial";
  readonly lease: LeaseKey;
  /** Already stored. */
  readonly weights: Artifact;
  /** For each execution the epoch whose weights it ended with; empty for the best ones. */
  readonly keptEpochs: readonly number[];
}
export interface FailTrial {
  readonly type: "fail-trial";
  readonly lease: LeaseKey;
  readonly kind: FailureKind;
  readonly message: string;
}
export interface StopStudy {
  readonly type: "stop-study";
  readonly reason: string;
}
export interface SuggestionReady {
  readonly type: "suggestion-ready";
  /** Trial the suggestion was asked for. */
  readonly trialNumber: number;
  /** Events that the study had had when the oracle was asked; others may have come since. */
  readonly basis: number;
  readonly suggestion: Suggestion | "exhausted";
}
export interface ContendersReady {
  readonly type: "contenders-ready";
  /** Best first. */
  readonly trialIds: readonly string[];
}
export interface SelectionReady {
  readonly type: "selection-ready";
  readonly selection: Selection;
}
export interface BestEvaluated {
  readonly type: "best-evaluated";
  readonly test: TestResult;
  readonly models: readonly Artifact[];
}
export interface EvaluationFailed {
  readonly type: "evaluation-failed";
  readonly message: string;
}
/** Time has passed. The only input by which a lease expires and capacity is learned. */
export interface Tick {
  readonly type: "tick";
  /** Trainers alive that this study may count on; at least 0. */
  readonly capacity: number;
}

/** Everything that can be said to an existing study. */
export type StudyInput =
  | AcquireLease
  | ReportEpoch
  | SaveCheckpoint
  | ResumeTrial
  | Heartbeat
  | CompleteTrial
  | FailTrial
  | StopStudy
  | SuggestionReady
  | ContendersReady
  | SelectionReady
  | BestEvaluated
  | EvaluationFailed
  | Tick;

/** A fault of the caller: the same call will never be accepted. */
export type Rejection =
  | {
      readonly code: "EPOCH_OUT_OF_ORDER";
      readonly execution: number;
      readonly epoch: number;
      readonly reported: number;
    }
  | { readonly code: "OBJECTIVE_MISSING"; readonly metric: string }
  | { readonly code: "EPOCH_UNREPORTED"; readonly execution: number; readonly epoch: number }
  | { readonly code: "CHECKPOINT_UNKNOWN"; readonly sha256: string }
  | { readonly code: "EXECUTIONS_MISSING"; readonly executions: number };

/** What a study answers. */
export type Answer =
  | { readonly kind: "done" }
  | { readonly kind: "granted"; readonly lease: LeaseGrant }
  | { readonly kind: "refused"; readonly reason: LeaseRefusal }
  /** Go on. */
  | { readonly kind: "continue" }
  /** The trial has been settled by others: stop training it. */
  | { readonly kind: "stop" }
  /** The token is not the trial's (any more). */
  | { readonly kind: "lease-lost" }
  | { readonly kind: "rejected"; readonly rejection: Rejection };

/**
 * Whether only a coordinator that has seen the whole log may give the answer. One that was replaced while it slept must
 * not take a trial away from its trainer, nor void an assignment, because of what it has missed.
 */
export function needsCurrentLog(answer: Answer): boolean {
  return answer.kind !== "done" && answer.kind !== "granted" && answer.kind !== "continue";
}
