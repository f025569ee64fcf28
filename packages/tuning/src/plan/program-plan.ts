// The plan of one trial of a user's program. The same plan starts the same command with the same
// values, seeds and files; its result is as reproducible as the program is.

import type { Goal } from "../objective/goal.js";
import type { ParameterValues } from "../space/parameter.js";
import type { StoredFile } from "./file/stored-file.js";
import type { ModulePlan } from "./module-plan.js";
import type { TrainingPlan, WeightsKept } from "./training-plan.js";

/**
 * Where a program's metrics come from. `report`: JSON lines on a descriptor or in a file that the
 * environment names. `stdout`: lines of the standard output. `file`: lines of a file in the
 * working folder.
 *
 * A pattern is `name=value`, `json-lines`, or a regular expression with the groups `name` and
 * `value`, and `epoch` if it has one. `name=value` reads every pair of a line, as Katib does.
 */
export type MetricSource =
  | { readonly from: "report" }
  | { readonly from: "stdout"; readonly pattern: string }
  | { readonly from: "file"; readonly path: string; readonly pattern: string };

/** A program that trains one execution of a trial. */
export interface Program {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /**
   * Files of the working folder by their path in it. A study spec may list paths instead, beside
   * the spec's file; the command line program then stores the files and fills them in.
   *
   * @default none
   */
  readonly files?: Readonly<Record<string, StoredFile>>;
  /** @default report */
  readonly metrics: MetricSource;
  /** Environment variables beside those of the contract. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Upper limit of one execution in seconds, 1 to 2,592,000. @default none */
  readonly timeoutSeconds?: number;
  /** Time from SIGTERM to SIGKILL in seconds, 0 to 3,600. @default 30 */
  readonly graceSeconds: number;
  /** The epoch whose objective is the execution's. @default best-epoch */
  readonly keep: WeightsKept;
}

/** The command that measures the best trial of a study, once. */
export interface ProgramTest {
  /** The program and its arguments. */
  readonly command: readonly string[];
}

/** The trial that a test run measures. */
export interface TestedTrial {
  readonly trialId: string;
  /** Tar archive of the artifacts that the trial left, as its trainer stored them. */
  readonly artifacts: StoredFile;
}

/** The metric of a program's reports that its study optimises. */
export interface ProgramObjective {
  /** 1 to 100 printable characters. */
  readonly metric: string;
  readonly goal: Goal;
}

/** How long a program trains. */
export interface ProgramTraining {
  /** Largest number of epochs of one execution, 1 to 10,000: a further report ends it. */
  readonly maxEpochs: number;
}

/** The resolved plan of one trial: the values stand in the command. */
export interface ProgramPlan {
  readonly program: Program;
  /** @default the program alone decides how long it trains */
  readonly training?: ProgramTraining;
  readonly objective: ProgramObjective;
  /** The values of the active parameters. */
  readonly values: ParameterValues;
  /** One seed for each execution, in order; unsigned 32-bit integers. */
  readonly seeds: readonly number[];
  /** Present in the plan of a test run, whose reports need no objective. */
  readonly tests?: TestedTrial;
}

/**
 * The plan of one trial: of a network that an engine trains, of a module's model, or of a program.
 */
export type TrialPlan = TrainingPlan | ModulePlan | ProgramPlan;

/** Returns true for the plan of a program. */
export function isProgramPlan(plan: TrialPlan): plan is ProgramPlan {
  return "program" in plan;
}

/** Returns true for the plan of a module's model. */
export function isModulePlan(plan: TrialPlan): plan is ModulePlan {
  return "model" in plan && "module" in plan.model;
}
