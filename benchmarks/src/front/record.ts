// The record of docs/oracle/front.md: the hypervolume of each study after every ten trials.

import { hypervolume } from "@sintonia/tuning/front/hypervolume";
import type { FrontProblem } from "./problems/problem.js";
import type { FrontRecord } from "./study.js";

/** The samplers that are compared. */
export const FRONT_SAMPLERS = ["sintonia", "gp", "nsga2"] as const;

/** One study of the record. */
export interface FrontResult {
  readonly sampler: (typeof FRONT_SAMPLERS)[number];
  readonly problem: string;
  readonly parallel: number;
  readonly seed: number;
  /** Hypervolume after 10, 20, ..., 100 ended trials. */
  readonly hypervolume: readonly number[];
  /** Mean wall time of a suggestion. */
  readonly secondsPerSuggestion: number;
}

/** Number of ended trials of a study. */
export const TRIALS = 100;
/** Trials between two entries of the record. */
export const STEP = 10;

/** Returns the hypervolume of a study's feasible trials after every ten of them. */
export function volumesOf({ reference }: Pick<FrontProblem, "reference">, { ended }: FrontRecord): number[] {
  return Array.from({ length: TRIALS / STEP }, (_, i) => {
    const feasible = ended.slice(0, (i + 1) * STEP).filter(({ constraints }) => constraints.every((c) => c <= 0));
    return hypervolume(
      feasible.map(({ objectives }) => objectives),
      reference,
    );
  });
}

/** Returns the text of the record. */
export function recordText(results: readonly FrontResult[]): string {
  const lines = results.map((result) => `    ${JSON.stringify(result)}`);
  return `{\n  "results": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

/** Returns the results of one cell of the tables. */
export function select(
  results: readonly FrontResult[],
  wanted: Pick<FrontResult, "sampler" | "problem" | "parallel">,
): FrontResult[] {
  return results.filter(
    ({ sampler, problem, parallel }) =>
      sampler === wanted.sampler && problem === wanted.problem && parallel === wanted.parallel,
  );
}
