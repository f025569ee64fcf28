import type { Measurement } from "@sintonia/protocol/measurement";
import type { Outlook } from "@sintonia/tuning/oracle/contract/suggestion";
import type { Evidence } from "@sintonia/tuning/pruner/contract/pruner";
import type { Selection } from "@sintonia/tuning/selection/select-best";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import type { SearchLimit, SearchLimits, StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Artifact, Replication, TestResult, TrialSource } from "./study.js";

/** A fact in the log of a study. The log alone determines the study's durable state. */
export type StudyEvent =
  | { readonly type: "study-created"; readonly studyId: string; readonly spec: StudySpec }
  | {
      readonly type: "oracle-exhausted";
      /** The fault of the oracle, if a fault ended the search. */
      readonly reason?: string;
    }
  | {
      readonly type: "trial-queued";
      readonly trialId: string;
      readonly values: ParameterValues;
      readonly source: TrialSource;
      /** Present in a replicate. */
      readonly replicates?: Replication;
      /**
       * Number of the study's events, from the first on, whose content the oracle used. It also
       * used the trials queued since then, which it suggested by the same request. Logs of 0.1 may
       * lack the number.
       */
      readonly basis?: number;
      /** The failed or cancelled trial whose values a person wants to be tried again. */
      readonly retries?: string;
      /** Present if a limit of the budget needs it. */
      readonly outlook?: Outlook;
    }
  /** A person chose the values of a trial that comes before those of the oracle. */
  | {
      readonly type: "point-enqueued";
      readonly values: ParameterValues;
      /** The trial that has failed or was cancelled with these values. */
      readonly retries?: string;
    }
  | {
      readonly type: "lease-granted";
      readonly trialId: string;
      readonly attempt: number;
      readonly token: number;
      readonly trainerId: string;
      /** Absent in logs of earlier versions. */
      readonly secret?: string;
    }
  /**
   * The first report of an attempt that did not resume drops the trial's checkpoints: training
   * starts from the beginning.
   */
  | { readonly type: "epoch-reported"; readonly trialId: string; readonly measurement: Measurement }
  | {
      readonly type: "checkpoint-saved";
      readonly trialId: string;
      readonly artifact: Artifact;
      /** Execution of the last epoch that the checkpoint covers. */
      readonly execution: number;
      /** The last epoch that the checkpoint covers. */
      readonly epoch: number;
    }
  /**
   * An attempt resumes from a checkpoint. The epochs that the checkpoint covers count as reported.
   */
  | {
      readonly type: "trial-resumed";
      readonly trialId: string;
      readonly sha256: string;
      /** Execution of the last epoch that the checkpoint covers. */
      readonly execution: number;
      /** The last epoch that the checkpoint covers. */
      readonly epoch: number;
    }
  | {
      readonly type: "trial-completed";
      readonly trialId: string;
      /** Null in logs of 0.1 if the sum of the objectives was infinite. */
      readonly objective: number | null;
      /** Objective of each execution; `objective` is their mean. Logs of 0.1 lack it. */
      readonly objectives?: readonly number[];
      /**
       * Values of each outcome by execution, or one for the whole trial. Present with several
       * objectives or limits on outcomes.
       */
      readonly outcomes?: Readonly<Record<string, readonly number[]>>;
      readonly weights: Artifact;
    }
  /** The pruner ended the trial: after a reported epoch, or at a rung without a promotion. */
  | {
      readonly type: "trial-pruned";
      readonly trialId: string;
      /** One line for a person. */
      readonly message: string;
      readonly evidence: Evidence;
    }
  /** The trial waits at a rung. Its trainer has handed it back. */
  | { readonly type: "trial-paused"; readonly trialId: string; readonly evidence: Evidence }
  /** The trial goes on from a rung. A paused one is queued again. */
  | {
      readonly type: "trial-promoted";
      readonly trialId: string;
      /** Epochs of the rung. */
      readonly rung: number;
      /** The attempt that waits for a trainer; absent in a trial that is under way. */
      readonly attempt?: number;
    }
  | { readonly type: "trial-failed"; readonly trialId: string; readonly message: string }
  | { readonly type: "trial-infeasible"; readonly trialId: string; readonly message: string }
  | {
      readonly type: "trial-cancelled";
      readonly trialId: string;
      /** Present if a person cancelled this trial; absent if the study ended before it. */
      readonly reason?: string;
    }
  | {
      readonly type: "trial-requeued";
      readonly trialId: string;
      /** The attempt that waits for a trainer. */
      readonly attempt: number;
      readonly reason: string;
      /**
       * False if the lost attempt does not count against the maximum. Logs of 0.1 lack it: there
       * every lost attempt counts.
       */
      readonly counted?: boolean;
    }
  /** The trainer gets no trials of the study for some time. */
  | {
      readonly type: "trainer-set-aside";
      readonly trainerId: string;
      /** The trial that the trainer could not train. */
      readonly trialId: string;
      readonly reason: string;
      /** True if the trial may be the cause instead of the trainer. */
      readonly isSuspected?: boolean;
    }
  | { readonly type: "trainer-readmitted"; readonly trainerId: string }
  /** The oracle's trials have ended. The contenders are to be executed again. */
  | { readonly type: "search-ended" }
  /**
   * The trials that the study executes again, best first; empty if fewer than two could be
   * compared.
   */
  | { readonly type: "contenders-chosen"; readonly trialIds: readonly string[] }
  | {
      readonly type: "study-finalizing";
      readonly ending: "completed" | "stopped";
      /** The best measured trial; only in logs of 0.1, which have no `best-selected`. */
      readonly bestTrialId?: string;
      readonly message?: string;
    }
  /**
   * The selection rule chose the best trial. The study computes the choice once for each of its
   * ends, and does not revise it before it is extended.
   */
  | { readonly type: "best-selected"; readonly selection: Selection }
  /** The chosen trial of a program's study waits for a trainer that measures it. */
  | {
      readonly type: "test-queued";
      /** The id of the test run. */
      readonly trialId: string;
      /** The trial to measure. */
      readonly tests: string;
    }
  /** The test run has ended with metrics. No other follows it unless the study is extended. */
  | {
      readonly type: "test-completed";
      readonly trialId: string;
      readonly metrics: Readonly<Record<string, number>>;
      /** The files that the test added to those of the trial. */
      readonly weights: Artifact;
    }
  /**
   * A trial of the front, not the chosen one, has been measured on the test split. A test run of
   * it has ended.
   */
  | {
      readonly type: "front-tested";
      readonly trialId: string;
      /** Absent if its evaluation is impossible, and in a program's study. */
      readonly test?: TestResult;
      readonly models: readonly Artifact[];
    }
  /**
   * The best trial could not be evaluated. The study waits, and the coordinator tries again. Logs
   * keep this name; a pause is only what `study-paused` records.
   */
  | { readonly type: "evaluation-paused"; readonly message: string }
  /** A person paused the active study. No trial is queued or leased until a person resumes it. */
  | { readonly type: "study-paused"; readonly reason: string }
  | { readonly type: "study-resumed" }
  /** A person gave the active study a larger budget than that of the spec. */
  | ({ readonly type: "budget-extended" } & ExtendedLimits)
  /** A person gave a study that had ended a larger budget: it is active again. */
  | ({ readonly type: "study-reopened" } & ExtendedLimits)
  /**
   * A limit of the search is reached, and no other trial begins. The trials under way are
   * cancelled, except for a limit of improvement.
   */
  | {
      readonly type: "budget-spent";
      readonly limit: SearchLimit;
      /** The limit's value. */
      readonly max: number;
      /** The trial whose report spent the last epoch. It may still complete. */
      readonly finishing?: string;
      /** The outlook that reached a limit of improvement. */
      readonly outlook?: Outlook;
    }
  /** A person stops the active study once its trials under way have ended. */
  | { readonly type: "study-stopping"; readonly reason: string }
  /**
   * A coordinator continued the study at the wall time `since`, in milliseconds since 1970. The
   * time from the event before until then does not count as active.
   */
  | { readonly type: "study-continued"; readonly since: number }
  | {
      readonly type: "study-ended";
      readonly status: "completed" | "stopped" | "failed";
      readonly test?: TestResult;
      readonly models?: readonly Artifact[];
      readonly message?: string;
    }
  /** A person deleted the study, which has ended. No event follows. */
  | { readonly type: "study-deleted" };

/** The limits of a search after an extension. */
export interface ExtendedLimits {
  readonly maxTrials: number;
  /** The other limits that a person has set. Logs of 0.1 lack it. */
  readonly limits?: Partial<Omit<SearchLimits, "maxTrials">>;
}

/** The event of one type. */
export type EventOf<T extends StudyEvent["type"]> = Extract<StudyEvent, { type: T }>;

/** Returns the ids of the trials that events name, each once. */
export function trialsOf(events: readonly StudyEvent[]): readonly string[] {
  return [...new Set(events.flatMap((event) => ("trialId" in event ? [event.trialId] : [])))];
}
