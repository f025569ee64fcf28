/** The size of a synthetic study. */
interface SyntheticStudy {
  readonly trials: number;
  readonly parallel: number;
  /** Type of the oracle. @default "random" */
  readonly oracle?: string;
}

/**
 * Returns the spec of a study of programs, as JSON text. Its trials need no data, and synthetic
 * trainers settle them.
 */
export function syntheticSpec(name: string, { trials, parallel, oracle = "random" }: SyntheticStudy): string {
  return JSON.stringify({
    name,
    program: { command: ["true"] },
    objective: { metric: "score", goal: "maximize" },
    budget: { maxTrials: trials, parallelTrials: parallel },
    oracle: { type: oracle },
    seed: 1,
    parameters: { x: { type: "double", min: 0, max: 1 } },
  });
}
