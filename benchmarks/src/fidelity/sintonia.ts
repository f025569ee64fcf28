// A study of Sintonia's Bayesian oracle and one of its pruners, as the coordinator runs it with one
// trainer: promotions first, then new trials; a verdict after each epoch.

import type { PartialResult, StudyHistory } from "@sintonia/tuning/objective/observation";
import { createOracle } from "@sintonia/tuning/oracle/registry";
import type { LearningCurve } from "@sintonia/tuning/pruner/contract/pruner";
import { prunerSchema } from "@sintonia/tuning/pruner/contract/schema";
import { partialResults } from "@sintonia/tuning/pruner/learning-curve/partial-results";
import { createPruner } from "@sintonia/tuning/pruner/registry";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import type { AccountedStudy } from "./study.js";

/** What a study's suggestions read. */
export type Evidence = "fidelity" | "final";

const GOAL = "minimize";

/** The settings of a study. */
export interface Settings {
  readonly pruner: "none" | "asha" | "hyperband" | "curve";
  readonly evidence: Evidence;
}

/** Runs a study to the end of its budget. */
export function runSintonia(study: AccountedStudy, settings: Settings): void {
  new Run(study, settings).run();
}

class Run {
  readonly #study: AccountedStudy;
  readonly #evidence: Evidence;
  readonly #oracle;
  readonly #pruner;
  readonly #values: ParameterValues[] = [];
  readonly #curves: LearningCurve[] = [];

  constructor(study: AccountedStudy, { pruner, evidence }: Settings) {
    this.#study = study;
    this.#evidence = evidence;
    this.#oracle = createOracle(
      evidence === "fidelity" ? { type: "bayesian", fidelity: "epochs" } : { type: "bayesian" },
    );
    this.#pruner = createPruner(prunerSchema.parse(pruner));
  }

  run(): void {
    while (!this.#study.isOver) this.#train(this.#promoted() ?? this.#begun());
  }

  #promoted(): number | undefined {
    const { maxEpochs } = this.#study.problem;
    const request = { goal: GOAL, trials: this.#curves, maxEpochs, canBegin: true, isLast: false } as const;
    const [next] = this.#pruner.promotions?.(request) ?? [];
    if (next === undefined) return undefined;
    this.#change(next.trialNumber, { state: "running", promotedFrom: next.rung });
    return next.trialNumber;
  }

  #begun(): number {
    const trialNumber = this.#curves.length;
    const suggestion = this.#oracle.suggest({ ...this.#history(), pending: [], trialNumber });
    if (suggestion === "exhausted") throw new Error("the oracle is exhausted");
    this.#values.push(suggestion.values);
    this.#curves.push({ trialNumber, state: "running", executions: [], learningRates: [], promotedFrom: 0 });
    return trialNumber;
  }

  #train(number: number): void {
    const { maxEpochs } = this.#study.problem;
    while (!this.#study.isOver) {
      const [reports = []] = (this.#curves[number] as LearningCurve).executions;
      const epoch = reports.length + 1;
      const value = this.#study.train(String(number), this.#values[number] as ParameterValues, epoch);
      const executions = [[...reports, value]];
      this.#change(number, { executions, learningRates: executions.map((epochs) => epochs.map(() => 0.01)) });
      if (epoch === maxEpochs) {
        this.#change(number, { state: "completed" });
        return;
      }
      if (this.#isEnded(number)) return;
    }
  }

  /** Judges a trial after an epoch; returns true if it leaves its trainer. */
  #isEnded(number: number): boolean {
    const verdict = this.#pruner.judge({
      goal: GOAL,
      trial: this.#curves[number] as LearningCurve,
      others: this.#curves.filter(({ trialNumber }) => trialNumber !== number),
      maxEpochs: this.#study.problem.maxEpochs,
      executions: 1,
    });
    if (verdict.kind === "promote") this.#change(number, { promotedFrom: verdict.rung });
    if (verdict.kind === "prune") this.#change(number, { state: "pruned" });
    if (verdict.kind === "pause") this.#change(number, { state: "paused" });
    return verdict.kind === "prune" || verdict.kind === "pause";
  }

  #change(number: number, change: Partial<LearningCurve>): void {
    this.#curves[number] = { ...(this.#curves[number] as LearningCurve), ...change };
  }

  #history(): StudyHistory {
    const { space, maxEpochs } = this.#study.problem;
    const trials = this.#curves.map((curve, number) => ({
      values: this.#values[number] as ParameterValues,
      state: curve.state,
      objective: Math.min(...(curve.executions[0] ?? [])),
      curve,
      maxEpochs,
    }));
    const partial: readonly PartialResult[] = this.#evidence === "final" ? [] : partialResults(trials, GOAL);
    return {
      space,
      goal: GOAL,
      completed: trials.filter(({ state }) => state === "completed"),
      pruned: trials.filter(({ state }) => state !== "completed"),
      infeasible: [],
      partial,
      seed: this.#study.seed,
    };
  }
}
