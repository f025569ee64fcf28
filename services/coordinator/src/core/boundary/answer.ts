import type { LeaseRefusal } from "@sintonia/protocol/lease";
import type { TrialPlan } from "@sintonia/tuning/plan/program-plan";
import type { SearchLimit } from "@sintonia/tuning/spec/study-spec";
import type { LeaseGrant, StudyStatus, TrialState } from "../state/study.js";

/** A mistake of the caller. The study will reject the same call every time. */
export type Rejection =
  | {
      readonly code: "EPOCH_OUT_OF_ORDER";
      readonly execution: number;
      readonly epoch: number;
      /** Number of epochs that the attempt has reported. */
      readonly reported: number;
    }
  | {
      readonly code: "EPOCH_BEYOND_LIMIT";
      readonly execution: number;
      readonly epoch: number;
      /** Number of epochs of one execution in the training plan. */
      readonly maxEpochs: number;
    }
  | { readonly code: "OBJECTIVE_MISSING"; readonly metric: string }
  | { readonly code: "EPOCH_UNREPORTED"; readonly execution: number; readonly epoch: number }
  | { readonly code: "CHECKPOINT_UNKNOWN"; readonly sha256: string }
  | { readonly code: "EXECUTIONS_MISSING"; readonly executions: number }
  | { readonly code: "TRIAL_UNKNOWN"; readonly trialId: string }
  | { readonly code: "TRIAL_SETTLED"; readonly trialId: string; readonly state: TrialState }
  | { readonly code: "TRIAL_NOT_RETRYABLE"; readonly trialId: string; readonly state: TrialState }
  /** `problems` has a line for each wrong value. */
  | { readonly code: "VALUES_INVALID"; readonly problems: string }
  /** A failed study is not extended. */
  | { readonly code: "STUDY_FAILED"; readonly message: string }
  | { readonly code: "BUDGET_LARGER"; readonly maxTrials: number }
  /** A limit other than that of the trials only grows. */
  | { readonly code: "LIMIT_LARGER"; readonly limit: SearchLimit; readonly max: number }
  /** The study has no such limit, and an extension adds none. */
  | { readonly code: "LIMIT_ABSENT"; readonly limit: SearchLimit }
  /** The ended study would end again at once. */
  | { readonly code: "LIMIT_SPENT"; readonly limit: SearchLimit; readonly max: number; readonly used: number }
  | { readonly code: "BUDGET_SPENT"; readonly maxTrials: number }
  /** The contenders are executed again: no further point is tried. */
  | { readonly code: "SEARCH_ENDED" }
  /** A person stops the study once its trials under way have ended. */
  | { readonly code: "STUDY_STOPPING" }
  | { readonly code: "STUDY_NOT_ACTIVE"; readonly status: StudyStatus }
  | { readonly code: "STUDY_OPEN"; readonly status: StudyStatus };

/**
 * The study's answer to an input. The trainer receives `continue`, `stop`, `pause` and
 * `lease-lost` as directives.
 */
export type Answer =
  | { readonly kind: "done" }
  | { readonly kind: "granted"; readonly lease: LeaseGrant; readonly plan: TrialPlan }
  | { readonly kind: "refused"; readonly reason: LeaseRefusal }
  | { readonly kind: "continue" }
  | { readonly kind: "stop" }
  | { readonly kind: "pause" }
  | { readonly kind: "lease-lost" }
  | {
      readonly kind: "enqueued";
      /** The trial that the point has, or will have. */
      readonly trialId: string;
      /** True if the point was enqueued before. */
      readonly existed: boolean;
    }
  | { readonly kind: "rejected"; readonly rejection: Rejection };

/**
 * Tells whether only a coordinator that has read the whole log may give the answer. Another
 * coordinator may have replaced this one while its process was suspended. On an outdated log, this
 * one must neither stop a trainer nor void an assignment: both are final.
 *
 * `continue` may come from an outdated log. It repeats what the log has stored for good, or it lets
 * a trainer train on for at most a time to live. What that trainer then reports is refused if
 * another coordinator has given its lease away, so a wrong `continue` costs time only.
 */
export function needsCurrentLog(answer: Answer): boolean {
  return answer.kind !== "done" && answer.kind !== "granted" && answer.kind !== "continue";
}
