// The time left that the display would have shown during a replayed study.

import { estimateSecondsLeft } from "@sintonia/cli/study/progress/estimate";
import { Study, StudyState, Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { expectedEpochs } from "@sintonia/tuning/plan/length/early-stopping";
import type { LearningCurve } from "@sintonia/tuning/pruner/contract/pruner";
import type { ReplayTrial } from "../replay/recorded-set.js";
import type { Moment, Replay } from "../replay/replayed-study.js";
import type { DisplayedStudy } from "./displayed-study.js";

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
  readonly #study: DisplayedStudy;
  readonly #times: Times[] = [];
  #before: readonly LearningCurve[] = [];

  constructor(replay: Replay, study: DisplayedStudy) {
    this.#replay = replay;
    this.#study = study;
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
      specJson: this.#study.specJson,
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
    const trial = this.#replay.trials[number];
    const seconds = trial?.recorded.seconds ?? 0;
    const hasEnded = state !== "running" && state !== "paused";
    return Trial.fromPartial({
      id: String(number),
      state: STATES[state],
      trainerId: "trainer",
      executions: 1,
      epochs,
      maxEpochs: this.#replay.maxEpochs,
      ...(hasEnded || trial === undefined ? {} : { expectedEpochs: this.#expected(trial, executions) }),
      ...(times === undefined ? {} : { startedAt: dateAt(times.startedAt), reportedAt: dateAt(times.reportedAt) }),
      ...(times === undefined ? {} : { latest: { epoch: epochs - 1, seconds } }),
      ...(hasEnded && times !== undefined ? { endedAt: dateAt(times.reportedAt) } : {}),
    });
  }

  #expected({ recorded }: ReplayTrial, [objectives = []]: LearningCurve["executions"]): number {
    const best = 1 + objectives.indexOf(Math.max(...objectives));
    return expectedEpochs(this.#study.stoppingOf(recorded), { best, epochs: objectives.length });
  }
}

function dateAt(seconds: number): Date {
  return new Date(1000 * seconds);
}
