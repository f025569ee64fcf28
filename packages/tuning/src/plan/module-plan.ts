// The plan of one trial of a model that the user's module builds. The same plan has the same
// result on the same engine and thread count, unless the module reads a clock or other state.

import type { ParameterValues } from "../space/parameter.js";
import type { StoredFile } from "./file/stored-file.js";
import type { LossPlan, OptimizerPlan, TrainingPlan } from "./training-plan.js";

/** A module that builds a model, and the files that it imports. */
export interface ModuleModel {
  /** Path of the module among `files`. */
  readonly module: string;
  /** Every file by its path in the module's folder, the module itself included. */
  readonly files: Readonly<Record<string, StoredFile>>;
}

/** The training of a module's model. */
export interface ModuleTraining extends Omit<TrainingPlan["training"], "optimizer" | "loss"> {
  /** Absent if the module compiles its model. Present if and only if `loss` is. */
  readonly optimizer?: OptimizerPlan;
  readonly loss?: LossPlan;
}

/** The resolved plan of one trial. */
export interface ModulePlan extends Omit<TrainingPlan, "model" | "training"> {
  readonly model: ModuleModel;
  readonly training: ModuleTraining;
  /** The values of the active parameters, an argument of the module's functions. */
  readonly values: ParameterValues;
}

/** Returns true for a `model` that names a module. Accepts models with findings. */
export function isModuleModel(model: unknown): boolean {
  return typeof model === "object" && model !== null && Object.hasOwn(model, "module");
}

/** Returns a module's path without a leading `./`. */
export function modulePath(path: string): string {
  return path.replace(/^(\.\/)+/u, "");
}
