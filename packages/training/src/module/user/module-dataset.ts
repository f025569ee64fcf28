import type { DataSetPlan } from "@sintonia/tuning/plan/training-plan";
import { DATA_SETS } from "../../dataset/catalog.js";
import type { Examples } from "../../dataset/examples.js";

/** The facts of the data that a module's `build` gets as `dataset`. */
export interface ModuleDataset {
  /** Name of a known data set; absent for files. */
  readonly name?: string;
  readonly task: "classification" | "regression";
  /** Number of training rows. */
  readonly rows: number;
  /** Number of values of one row. */
  readonly features: number;
  /** Shape of one row: [28, 28, 1] for images, else [features]. */
  readonly inputShape: readonly number[];
  /** Number of classes; absent in a regression. */
  readonly classes?: number;
  /** Number of outputs that the model needs: one for each class, or for each target value. */
  readonly outputs: number;
}

/** Returns the facts of a plan's data. */
export function moduleDataset(dataset: DataSetPlan, { count, features, targets }: Examples): ModuleDataset {
  const name = "name" in dataset ? dataset.name : undefined;
  const images = name === undefined ? [] : [...DATA_SETS[name].train.images.dimensions.slice(1), 1];
  const facts = { rows: count, features, inputShape: name === undefined ? [features] : images };
  const named = name === undefined ? {} : { name };
  if (targets.kind === "values") return { ...named, ...facts, task: "regression", outputs: targets.width };
  const { classes } = targets;
  return { ...named, ...facts, task: "classification", classes, outputs: classes };
}
