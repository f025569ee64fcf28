// The time left that the display would have shown during a replayed study.

import { estimateSecondsLeft } from "@sintonia/cli/study/progress/estimate";
import { Study, StudyState, Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import type { LearningCurve } from "@sintonia/tuning/pruner/contract/pruner";
import type { Moment, Replay } from "../replay/replayed-study.js";

/** An estimate, and when it was made. */
export interface TimedEstimate {
  /** Seconds since the study's start. */
  readonly at: number;
  /** Estimated seconds left; undefined before the first trial has ended or waits. */
  readonly left: number | undefined;
}

const STATES: Readonly<Record<LearningCurve["state"], TrialState>> = {
  running: TrialState.RUNNING,
  paused: TrialState.PAUSED,
  pruned: TrialState.PRUNED,
  completed: TrialState.COMPLETED,
  ended: TrialState.INFEASIBLE,
};

/** The times of a trial's present or last attempt, in seconds since the study's start. */
interface Times {
  readonly startedAt: number;
  readonly reportedAt: number;
}

/** Follows a replayed study and estimates its time left after every epoch. */
export class EstimatedStudy {
  readonly estimates: TimedEstimate[] = [];
  readonly #replay: Replay;
  readonly #specJson: string;
  readonly #times: Times[] = [];
  #before: readonly LearningCurve[] = [];

  /** @param specJson - of the study, with its pruner */
  constructor(replay: Replay, specJson: string) {
    this.#replay = replay;
    this.#specJson = specJson;
  }

  /** Notes the state of the study after an epoch. */
  note({ seconds, curves }: Moment): void {
    for (const curve of curves) this.#noteTimes(curve, seconds);
    this.#before = [...curves];
    const trials = new Map(curves.map((curve) => [String(curve.trialNumber), this.#trial(curve)]));
    const count = this.#replay.trials.length;
    const study = Study.fromPartial({
      id: "replayed",
      state: StudyState.ACTIVE,
      specJson: this.#specJson,
      maxTrials: count,
      expectedTrialCount: count,
      settledCount: curves.filter(({ state }) => state !== "running" && state !== "paused").length,
    });
    const left = estimateSecondsLeft({ study, trials, trainerCount: this.#replay.trainers });
    this.estimates.push({ at: seconds, left });
  }

  #noteTimes({ trialNumber: number, executions }: LearningCurve, now: number): void {
    const before = this.#before[number];
    const own = this.#times[number];
    const reported = executions[0]?.length ?? 0;
    if (reported === (before?.executions[0]?.length ?? 0)) return;
    const paceSeconds = this.#replay.trials[number]?.recorded.seconds ?? 0;
    const hasResumed = own === undefined || before?.state === "paused";
    this.#times[number] = { startedAt: hasResumed ? now - paceSeconds : own.startedAt, reportedAt: now };
  }

  #trial({ trialNumber: number, state, executions }: LearningCurve): Trial {
    const times = this.#times[number];
    const epochs = executions[0]?.length ?? 0;
    const seconds = this.#replay.trials[number]?.recorded.seconds ?? 0;
    const hasEnded = state !== "running" && state !== "paused";
    return Trial.fromPartial({
      id: String(number),
      state: STATES[state],
      trainerId: "trainer",
      executions: 1,
      epochs,
      maxEpochs: this.#replay.maxEpochs,
      ...(times === undefined ? {} : { startedAt: dateAt(times.startedAt), reportedAt: dateAt(times.reportedAt) }),
      ...(times === undefined ? {} : { latest: { epoch: epochs - 1, seconds }, best: { epoch: bestOf(executions) } }),
      ...(hasEnded && times !== undefined ? { endedAt: dateAt(times.reportedAt) } : {}),
    });
  }
}

function bestOf([objectives = []]: LearningCurve["executions"]): number {
  return objectives.indexOf(Math.max(...objectives));
}

function dateAt(seconds: number): Date {
  return new Date(1000 * seconds);
}
