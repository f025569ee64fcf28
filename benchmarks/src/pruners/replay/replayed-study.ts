// A study replayed from recorded trials, by a discrete-event clock: each trainer trains one epoch
// after another, and the pruner judges at the end of each epoch, as the coordinator does.

import type { LearningCurve, Pruner, SearchStage } from "@sintonia/tuning/pruner/contract/pruner";
import { SIGNIFICANT_DIFFERENCE, shareError } from "@sintonia/tuning/pruner/curve/noise";
import type { ReplayTrial } from "./recorded-set.js";

/** A study to replay. */
export interface Replay {
  /** The trials in the order of their numbers. */
  readonly trials: readonly ReplayTrial[];
  readonly trainers: number;
  readonly maxEpochs: number;
  /** Validation rows, where a study knows them. */
  readonly rows: number | undefined;
  /** Validation rows of the recorded objectives. */
  readonly validationRows: number;
}

/** The state of a study after an epoch. */
export interface Moment {
  /** Time since the start, in seconds. */
  readonly seconds: number;
  /** The trials in the order of their numbers. */
  readonly curves: readonly LearningCurve[];
}

/** The course of a replayed study. */
export interface ReplayResult {
  /** Epochs that all trials trained. */
  readonly epochs: number;
  /** Time until the last trial ended, in seconds. */
  readonly seconds: number;
  /** Number of the completed trial with the best objective; undefined if none completed. */
  readonly chosen: number | undefined;
  readonly completed: number;
  readonly pruned: number;
  /** Pruned trials whose whole curve is better than the limit of the verdict against them. */
  readonly beyondLimit: number;
  /** Trials that still wait at a rung when the study ends. */
  readonly waiting: number;
  /** Of these, trials whose whole curve is significantly better than the chosen trial's. */
  readonly waitingBetter: number;
}

interface Slot {
  number: number | undefined;
  /** Time at which the epoch in training ends. */
  at: number;
}

/**
 * Replays a study under a pruner.
 *
 * @param observe - is called after each epoch
 */
export function replayStudy(replay: Replay, pruner: Pruner, observe?: (moment: Moment) => void): ReplayResult {
  return new ReplayedStudy(replay, pruner).run(observe);
}

class ReplayedStudy {
  readonly #replay: Replay;
  readonly #pruner: Pruner;
  readonly #curves: LearningCurve[] = [];
  readonly #slots: Slot[];
  /** Promoted trials without a trainer. */
  readonly #waiting: number[] = [];
  #epochs = 0;
  #pruned = 0;
  #beyondLimit = 0;
  #now = 0;

  constructor(replay: Replay, pruner: Pruner) {
    this.#replay = replay;
    this.#pruner = pruner;
    this.#slots = Array.from({ length: replay.trainers }, () => ({ number: undefined, at: 0 }));
  }

  run(observe?: (moment: Moment) => void): ReplayResult {
    for (;;) {
      for (const slot of this.#slots) if (slot.number === undefined) this.#assign(slot);
      const busy = this.#slots.filter(({ number }) => number !== undefined);
      if (busy.length === 0) break;
      const next = busy.reduce((first, other) => (other.at < first.at ? other : first));
      this.#now = next.at;
      this.#endEpoch(next);
      observe?.({ seconds: this.#now, curves: this.#curves });
    }
    return this.#result();
  }

  #assign(slot: Slot): void {
    const { trials } = this.#replay;
    const isIdle = this.#waiting.length === 0 && this.#slots.every(({ number }) => number === undefined);
    const canBegin = this.#curves.length < trials.length;
    const number = this.#promoted({ canBegin, isLast: isIdle && !canBegin }) ?? this.#begun();
    if (number === undefined) return;
    slot.number = number;
    slot.at = this.#now + (trials[number] as ReplayTrial).recorded.seconds;
  }

  /** Promotes the trials that the pruner names, and returns the first that waits for a trainer. */
  #promoted(stage: SearchStage): number | undefined {
    const request = { goal: "maximize", trials: this.#curves, maxEpochs: this.#replay.maxEpochs, ...stage } as const;
    const idle = this.#slots.filter(({ number }) => number === undefined).length;
    const promotions = this.#waiting.length > 0 ? [] : (this.#pruner.promotions?.(request) ?? []);
    for (const { trialNumber, rung } of promotions.slice(0, idle)) {
      this.#change(trialNumber, { state: "running", promotedFrom: rung });
      this.#waiting.push(trialNumber);
    }
    return this.#waiting.shift();
  }

  #begun(): number | undefined {
    const trialNumber = this.#curves.length;
    if (trialNumber === this.#replay.trials.length) return undefined;
    this.#curves.push({ trialNumber, state: "running", executions: [], learningRates: [], promotedFrom: 0 });
    return trialNumber;
  }

  #endEpoch(slot: Slot): void {
    const number = slot.number as number;
    const trial = this.#replay.trials[number] as ReplayTrial;
    const epoch = this.#curves[number]?.executions[0]?.length ?? 0;
    this.#epochs++;
    const [objectives, rates] = [trial.objectives[epoch], trial.learningRates[epoch]] as [number[], number[]];
    this.#change(number, { executions: [objectives], learningRates: [rates] });
    slot.at += trial.recorded.seconds;
    // The last epoch of a trial completes it without a verdict.
    if (epoch + 1 === trial.objectives.length) {
      this.#leave(slot, trial.test === undefined ? "ended" : "completed");
      return;
    }
    const verdict = this.#pruner.judge({
      goal: "maximize",
      trial: this.#curves[number] as LearningCurve,
      others: this.#curves.filter(({ trialNumber }) => trialNumber !== number),
      maxEpochs: this.#replay.maxEpochs,
      executions: 1,
      rows: this.#replay.rows,
    });
    if (verdict.kind === "promote") this.#change(number, { promotedFrom: verdict.rung });
    else if (verdict.kind === "prune") {
      this.#pruned++;
      if (trial.best > verdict.evidence.limit) this.#beyondLimit++;
      this.#leave(slot, "pruned");
    } else if (verdict.kind === "pause") this.#leave(slot, "paused");
  }

  #leave(slot: Slot, state: LearningCurve["state"]): void {
    this.#change(slot.number as number, { state });
    slot.number = undefined;
  }

  #change(number: number, change: Partial<LearningCurve>): void {
    this.#curves[number] = { ...(this.#curves[number] as LearningCurve), ...change };
  }

  #result(): ReplayResult {
    const { trials } = this.#replay;
    const completed = this.#curves.flatMap(({ state, trialNumber }) => (state === "completed" ? [trialNumber] : []));
    const bestOf = (number: number) => (trials[number] as ReplayTrial).best;
    const chosen = completed.reduce<number | undefined>(
      (best, number) => (best === undefined || bestOf(number) > bestOf(best) ? number : best),
      undefined,
    );
    const counts = { completed: completed.length, pruned: this.#pruned, beyondLimit: this.#beyondLimit };
    const waiting = this.#curves.flatMap(({ state, trialNumber }) => (state === "paused" ? [trialNumber] : []));
    const best = chosen === undefined ? 0 : bestOf(chosen);
    const significant = best + SIGNIFICANT_DIFFERENCE * shareError(best, this.#replay.validationRows);
    const waitingBetter = waiting.filter((number) => bestOf(number) > significant).length;
    return { epochs: this.#epochs, seconds: this.#now, chosen, ...counts, waiting: waiting.length, waitingBetter };
  }
}
