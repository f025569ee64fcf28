// The wait of a study or a trial for programs; `waiting` beside it is the same for a person.

import { type Waiting, WaitReason } from "@sintonia/proto/sintonia/v1/study";

/** The facts of a wait. */
export interface WaitingFor {
  /** Reason of the wait, such as "no-trainers"; "unknown" from a newer coordinator. */
  readonly reason: string;
  /**
   * Live trainers, those of them that may get trials of the study, the busy ones among the latter,
   * the cordoned ones, and those that lack the study's resources; null if the wait is not for
   * trainers.
   */
  readonly trainers: {
    readonly live: number;
    readonly usable: number;
    readonly busy: number;
    readonly cordoned: number;
    readonly unfit: number;
  } | null;
}

const REASON_NAMES: Readonly<Record<number, string>> = {
  [WaitReason.PAUSED]: "paused",
  [WaitReason.TEST_DATA]: "test-data",
  [WaitReason.NO_TRAINERS]: "no-trainers",
  [WaitReason.TRAINERS]: "trainers",
  [WaitReason.TRAINERS_SET_ASIDE]: "trainers-set-aside",
  [WaitReason.TRAINERS_CORDONED]: "trainers-cordoned",
  [WaitReason.RESOURCES]: "resources",
  [WaitReason.ORACLE]: "oracle",
  [WaitReason.PARALLEL_TRIALS]: "parallel-trials",
  [WaitReason.PROMOTION]: "promotion",
  [WaitReason.STUDY_LOG]: "study-log",
  [WaitReason.STATE_FOLDER]: "state-folder",
  [WaitReason.EVALUATION]: "evaluation",
};

/** Returns the facts of a wait; null if nothing waits. */
export function waitingFor(waiting: Waiting | undefined): WaitingFor | null {
  if (waiting === undefined) return null;
  return { reason: REASON_NAMES[waiting.reason] ?? "unknown", trainers: waiting.trainers ?? null };
}
