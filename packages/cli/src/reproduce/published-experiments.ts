import type { DataSetName } from "@sintonia/tuning/plan/training-plan";
import type { NamedDataStudy } from "@sintonia/tuning/spec/study-spec";
import { withOverrides } from "../study/spec/experiments.js";
import { nameHint } from "../system/text/name-hint.js";
import { UsageError } from "../system/usage-error.js";

/**
 * The experiments of the lab sheet, in its order. Each one builds on the result of the one before.
 */
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
 * Returns the names of the chosen experiments, in the order of the lab sheet.
 *
 * @param dataset - data set of the experiments; undefined for every data set
 * @param names - names of the experiments; undefined for every name
 * @throws {UsageError} if a name is unknown or no experiment matches
 */
export function chosenExperiments(dataset: DataSetName | undefined, names: readonly string[] | undefined): string[] {
  const known: readonly string[] = PUBLISHED_EXPERIMENTS.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const hint = nameHint(unknown, known);
    throw new UsageError(`no published experiment is called ${unknown}; ${hint}`, { code: "UNKNOWN_SPEC" });
  }
  const chosen = PUBLISHED_EXPERIMENTS.filter(
    (experiment) =>
      (dataset === undefined || experiment.dataset === dataset) &&
      (names === undefined || names.includes(experiment.name)),
  );
  if (chosen.length === 0) throw new UsageError(`no experiment of these names uses the data set ${dataset}`);
  return chosen.map(({ name }) => name);
}

/**
 * Limits of `--quick`: all ten experiments in about two minutes on two cores. The rows adjoin, as a
 * refit needs.
 */
const QUICK = { maxTrials: 2, maxEpochs: 2, split: { train: [48_000, 50_000], validation: [50_000, 51_000] } } as const;

/**
 * Returns the experiment with few trials, epochs and rows. Its figures are not comparable with the
 * published ones.
 */
export function quickSpec(spec: NamedDataStudy): NamedDataStudy {
  const { split, maxEpochs, maxTrials } = QUICK;
  const short = withOverrides(spec, { maxEpochs, maxTrials: Math.min(maxTrials, spec.budget.maxTrials) }, false);
  return { ...short, dataset: { ...short.dataset, split } };
}
