import { CORE_MUTANTS } from "./core.js";
import { EDGE_MUTANTS } from "./edge.js";
import { LEADERSHIP_MUTANTS } from "./leadership.js";
import type { Mutant } from "./mutant.js";
import { SHELL_MUTANTS } from "./shell.js";
import { TRAINER_MUTANTS } from "./trainer.js";

export type { Mutant } from "./mutant.js";

/** All deliberate bugs. */
export const MUTANTS: readonly Mutant[] = [
  ...CORE_MUTANTS,
  ...SHELL_MUTANTS,
  ...LEADERSHIP_MUTANTS,
  ...TRAINER_MUTANTS,
  ...EDGE_MUTANTS,
];
