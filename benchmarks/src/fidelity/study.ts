// The account of a study: what its trials report, the epochs that they take, and the regret of the
// trial that it would hand in.

import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import type { FidelityProblem } from "./problems.js";

/** A trial that has trained some epochs. */
interface Trained {
  readonly values: ParameterValues;
  readonly reports: number[];
}

/** Points of a study's epochs at which the regret is recorded. */
export const CHECKPOINTS = 24;

/**
 * A study of a problem that ends after a number of epochs. An epoch that a trial has trained counts
 * once, also where a tool would train it again.
 */
export class AccountedStudy {
  readonly problem: FidelityProblem;
  readonly seed: number;
  readonly budget: number;
  readonly #trials = new Map<string, Trained>();
  readonly #regrets: number[] = [];
  #epochs = 0;

  constructor(problem: FidelityProblem, { seed, budget }: { readonly seed: number; readonly budget: number }) {
    this.problem = problem;
    this.seed = seed;
    this.budget = budget;
  }

  get isOver(): boolean {
    return this.#epochs >= this.budget;
  }

  /** Trains a trial up to an epoch and returns what it reports there. */
  train(id: string, values: ParameterValues, epoch: number): number {
    const trial = this.#trials.get(id) ?? { values, reports: [] };
    this.#trials.set(id, trial);
    while (trial.reports.length < epoch) {
      trial.reports.push(this.problem.valueAt(trial.values, trial.reports.length + 1, this.seed));
      this.#count();
    }
    return trial.reports[epoch - 1] as number;
  }

  #count(): void {
    if (this.isOver) return;
    this.#epochs++;
    const due = Math.floor((this.#epochs * CHECKPOINTS) / this.budget);
    while (this.#regrets.length < due) this.#regrets.push(this.#regret());
  }

  /** Returns the regret at each checkpoint so far. */
  get regrets(): readonly number[] {
    return this.#regrets;
  }

  get trials(): number {
    return this.#trials.size;
  }

  /** The trial with the most epochs is handed in, of several the one with the best report. */
  #regret(): number {
    const { maxEpochs, minimum } = this.problem;
    let [most, best, chosen] = [0, Number.POSITIVE_INFINITY, undefined as Trained | undefined];
    for (const trial of this.#trials.values()) {
      const { length } = trial.reports;
      const report = Math.min(...trial.reports);
      if (length < most || (length === most && report >= best)) continue;
      [most, best, chosen] = [Math.min(length, maxEpochs), report, trial];
    }
    return chosen === undefined ? Number.NaN : this.problem.truth(chosen.values) - minimum;
  }
}
