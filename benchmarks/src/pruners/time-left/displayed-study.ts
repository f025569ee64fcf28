// What the display knows of the studies of a recorded set before they run.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Stopping } from "@sintonia/tuning/plan/length/early-stopping";
import { stoppingOfPlan } from "@sintonia/tuning/plan/length/stopping-of-plan";
import type { PrunerSettings } from "@sintonia/tuning/pruner/contract/settings";
import { parseStudySpec } from "@sintonia/tuning/spec/check/parse";
import { specToJson } from "@sintonia/tuning/spec/json";
import { resolvePlan } from "@sintonia/tuning/spec/resolve";
import type { RecordedTrial } from "../../curves/curve-file.js";
import type { RecordedSet } from "../replay/recorded-set.js";

const EXPERIMENTS = fileURLToPath(new URL("../../../../experiments/", import.meta.url));

/** What the display knows of a study. */
export interface DisplayedStudy {
  readonly specJson: string;
  /** When a trial is expected to end. */
  stoppingOf(trial: RecordedTrial): Stopping;
}

/** Returns what the display knows of a set's studies with a pruner. */
export function displayedStudy(set: RecordedSet, pruner: PrunerSettings): DisplayedStudy {
  if (set.statedRows !== undefined) return displayedExperiment(set, pruner);
  const { maxEpochs } = set;
  const stopping = { maxEpochs, patience: maxEpochs, newBest: 1 };
  return { specJson: JSON.stringify({ pruner }), stoppingOf: () => stopping };
}

function displayedExperiment({ name, trials }: RecordedSet, pruner: PrunerSettings): DisplayedStudy {
  const result = parseStudySpec(readFileSync(join(EXPERIMENTS, `${name}.yaml`), "utf8"));
  if (!result.ok) throw new Error(`${name} is no spec`);
  const { spec } = result;
  const stoppings = new Map(
    trials.map(({ recorded }) => {
      const resolved = resolvePlan(spec, recorded.values, recorded.trial);
      return [recorded, resolved.ok ? stoppingOfPlan(resolved.plan) : undefined];
    }),
  );
  return {
    specJson: JSON.stringify({ ...specToJson(spec), pruner }),
    stoppingOf(trial) {
      const stopping = stoppings.get(trial);
      if (stopping === undefined) throw new Error(`trial ${trial.trial} of ${name} has no plan`);
      return stopping;
    },
  };
}
