// The record of docs/oracle/fidelity.md: the regret of each study over its epochs.

import { FIDELITY_PROBLEMS, fidelityProblem } from "./problems.js";
import type { DataShareResult } from "./recorded/data-share.js";
import type { PredictionScore } from "./recorded/scores.js";
import type { Settings } from "./sintonia.js";

/** Full trainings whose epochs are the budget of a study. */
export const TRAININGS = 15;

/** A pruner of Sintonia with its oracle's evidence. */
export interface Own {
  readonly name: string;
  readonly settings: Settings;
}

/** Another tool. */
export interface Other {
  readonly name: string;
  readonly tool: string;
}

const PRUNERS = ["none", "asha", "hyperband", "curve"] as const;

/** Sintonia's contestants: each pruner without fidelity and with it. */
export const OWN: readonly Own[] = PRUNERS.flatMap((pruner) => [
  { name: pruner, settings: { pruner, evidence: "final" } },
  { name: `${pruner}, fidelity`, settings: { pruner, evidence: "fidelity" } },
]);

/** The other tools. */
export const OTHERS: readonly Other[] = [
  { name: "Optuna TPE + Hyperband", tool: "optuna" },
  { name: "SMAC HyperbandFacade", tool: "smac-hyperband" },
  { name: "SMAC MultiFidelityFacade", tool: "smac-multi-fidelity" },
  { name: "Syne Tune ASHA", tool: "syne-tune-asha" },
  { name: "Syne Tune BOHB", tool: "syne-tune-bohb" },
];

/** The problems of the record, by name. */
export const PROBLEM_NAMES = Object.keys(FIDELITY_PROBLEMS);

/** One study of the record. */
export interface FidelityResult {
  readonly contestant: string;
  readonly problem: string;
  readonly seed: number;
  /** Regret at equal steps of the budget, `CHECKPOINTS` of them; null before the first epoch. */
  readonly regrets: readonly (number | null)[];
  /** Number of begun trials. */
  readonly trials: number;
}

/** Returns the epochs of a study of a problem. */
export function budgetOf(problem: string): number {
  return TRAININGS * fidelityProblem(problem).maxEpochs;
}

/** The file docs/oracle/fidelity.json. */
export interface FidelityRecord {
  readonly scores: readonly PredictionScore[];
  readonly dataShare: readonly DataShareResult[];
  readonly results: readonly FidelityResult[];
}

/** Returns the text of the record. */
export function recordText({ scores, dataShare, results }: FidelityRecord): string {
  const list = (items: readonly object[]) =>
    `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(",\n")}\n  ]`;
  const parts = Object.entries({ scores, dataShare, results }).map(([name, items]) => `  "${name}": ${list(items)}`);
  return `{\n${parts.join(",\n")}\n}\n`;
}

/** Returns a result with regrets of six significant digits. */
export function rounded(result: FidelityResult): FidelityResult {
  return { ...result, regrets: result.regrets.map((regret) => regret && Number(regret.toPrecision(6))) };
}

/** Returns the regrets of a contestant's studies at a checkpoint, from 0. */
export function regretsAt(
  results: readonly FidelityResult[],
  contestant: string,
  { problem, checkpoint }: { readonly problem: string; readonly checkpoint: number },
): number[] {
  return results.flatMap((result) => {
    const regret = result.regrets[checkpoint];
    const isWanted = result.contestant === contestant && result.problem === problem;
    return isWanted && typeof regret === "number" ? [regret] : [];
  });
}
