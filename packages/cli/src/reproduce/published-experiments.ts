import type { DataSetName } from "@sintonia/tuning/plan/training-plan";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { withOverrides } from "../study/spec/experiments.js";
import { UsageError } from "../system/usage-error.js";

/** The experiments of the lab sheet in its order: each goes on from what the one before it found. */
export const PUBLISHED_EXPERIMENTS = [
  { name: "mnist-mlp", dataset: "mnist" },
  { name: "mnist-architecture", dataset: "mnist" },
  { name: "mnist-learning-rate", dataset: "mnist" },
  { name: "mnist-plateau", dataset: "mnist" },
  { name: "mnist-init", dataset: "mnist" },
  { name: "fashion-mlp", dataset: "fashion-mnist" },
  { name: "fashion-architecture", dataset: "fashion-mnist" },
  { name: "fashion-learning-rate", dataset: "fashion-mnist" },
  { name: "fashion-plateau", dataset: "fashion-mnist" },
  { name: "fashion-init", dataset: "fashion-mnist" },
] as const satisfies readonly { readonly name: string; readonly dataset: DataSetName }[];

/**
 * Names of the experiments that are asked for, in the sheet's order whatever the order of asking.
 *
 * @param dataset - only those on this one; all if absent
 * @param names - only these; all if absent
 * @throws {UsageError} if a name is not among the experiments, or none is left
 */
export function chosenExperiments(dataset: DataSetName | undefined, names: readonly string[] | undefined): string[] {
  const known: readonly string[] = PUBLISHED_EXPERIMENTS.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`no published experiment is called ${unknown}; they are ${known.join(", ")}`);
  }
  const chosen = PUBLISHED_EXPERIMENTS.filter(
    (experiment) =>
      (dataset === undefined || experiment.dataset === dataset) &&
      (names === undefined || names.includes(experiment.name)),
  );
  if (chosen.length === 0) throw new UsageError(`none of the experiments named is on ${dataset}`);
  return chosen.map(({ name }) => name);
}

/** Few enough for all ten experiments in about two minutes on two cores, and rows that follow each other as in the full ones. */
const QUICK = { maxTrials: 2, maxEpochs: 2, split: { train: [48_000, 50_000], validation: [50_000, 51_000] } } as const;

/** The experiment in small: the same path with few trials, epochs and rows. Its figures compare with nothing. */
export function quickSpec(spec: StudySpec): StudySpec {
  const { split, maxEpochs, maxTrials } = QUICK;
  const short = withOverrides(spec, { maxEpochs, maxTrials: Math.min(maxTrials, spec.budget.maxTrials) }, false);
  return { ...short, dataset: { ...short.dataset, split } };
}
