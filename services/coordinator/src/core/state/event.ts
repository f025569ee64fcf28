import type { Measurement } from "@sintonia/protocol/measurement";
import type { Selection } from "@sintonia/tuning/selection/select-best";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Artifact, Replication, TestResult, TrialSource } from "./study.js";

/** What has happened. The log of a study is a list of these; nothing else is true. */
export type StudyEvent =
  | { readonly type: "study-created"; readonly studyId: string; readonly spec: StudySpec }
  | { readonly type: "oracle-exhausted" }
  | {
      readonly type: "trial-queued";
      readonly trialId: string;
      readonly values: ParameterValues;
      readonly source: TrialSource;
      /** Of a replicate. */
      readonly replicates?: Replication;
      /** How many of the study's events, from the first on, the oracle knew. Logs of 0.1 may lack it. */
      readonly basis?: number;
    }
  | {
      readonly type: "lease-granted";
      readonly trialId: string;
      readonly attempt: number;
      readonly token: number;
      readonly trainerId: string;
    }
  /** The first one of an attempt that was not resumed gives up what checkpoints there are: training has begun anew. */
  | { readonly type: "epoch-reported"; readonly trialId: string; readonly measurement: Measurement }
  | {
      readonly type: "checkpoint-saved";
      readonly trialId: string;
      readonly artifact: Artifact;
      /** Of the last epoch that the checkpoint covers. */
      readonly execution: number;
      readonly epoch: number;
    }
  /** An attempt goes on from a checkpoint instead of beginning anew; what the checkpoint covers counts as reported. */
  | {
      readonly type: "trial-resumed";
      readonly trialId: string;
      readonly sha256: string;
      /** Of the last epoch that the checkpoint covers. */
      readonly execution: number;
      readonly epoch: number;
    }
  | {
      readonly type: "trial-completed";
      readonly trialId: string;
      readonly objective: number;
      /** Of each execution; `objective` is their mean. Logs of 0.1 lack it. */
      readonly objectives?: readonly number[];
      readonly weights: Artifact;
    }
  | { readonly type: "trial-failed"; readonly trialId: string; readonly message: string }
  | { readonly type: "trial-infeasible"; readonly trialId: string; readonly message: string }
  | { readonly type: "trial-cancelled"; readonly trialId: string }
  | {
      readonly type: "trial-requeued";
      readonly trialId: string;
      /** The attempt that now waits. */
      readonly attempt: number;
      readonly reason: string;
    }
  /** The oracle's trials have ended, and the best of them are to be executed again. */
  | { readonly type: "search-ended" }
  /** The trials that are executed again, best first; none if there are not two to compare. */
  | { readonly type: "contenders-chosen"; readonly trialIds: readonly string[] }
  | {
      readonly type: "study-finalizing";
      readonly ending: "completed" | "stopped";
      /** In logs of 0.1 the best measured trial; now `best-selected` names it. */
      readonly bestTrialId?: string;
      readonly message?: string;
    }
  /** The best trial was chosen: computed once, and true from then on. */
  | { readonly type: "best-selected"; readonly selection: Selection }
  | {
      readonly type: "study-ended";
      readonly status: "completed" | "stopped" | "failed";
      readonly test?: TestResult;
      readonly models?: readonly Artifact[];
      readonly message?: string;
    };

/** The event of that type. */
export type EventOf<T extends StudyEvent["type"]> = Extract<StudyEvent, { type: T }>;
