// What the display knows of the studies of a recorded set before they run.

import type { Stopping } from "@sintonia/tuning/plan/length/early-stopping";
import { stoppingOfPlan, wholeTraining } from "@sintonia/tuning/plan/length/stopping-of-plan";
import type { PrunerSettings } from "@sintonia/tuning/pruner/contract/settings";
import { specToJson } from "@sintonia/tuning/spec/json";
import { resolvePlan } from "@sintonia/tuning/spec/resolve";
import type { RecordedTrial } from "../../curves/curve-file.js";
import { publishedStudy } from "../../curves/published-study.js";
import type { RecordedSet } from "../replay/recorded-set.js";

/** What the display knows of a study. */
export interface DisplayedStudy {
  readonly specJson: string;
  /** Returns what decides when a trial ends. */
  stoppingOf(trial: RecordedTrial): Stopping;
}

/** Returns what the display knows of a set's studies with a pruner. */
export function displayedStudy(set: RecordedSet, pruner: PrunerSettings): DisplayedStudy {
  if (set.statedRows !== undefined) return displayedExperiment(set, pruner);
  const stopping = wholeTraining(set.maxEpochs);
  return { specJson: JSON.stringify({ pruner }), stoppingOf: () => stopping };
}

function displayedExperiment({ name, trials }: RecordedSet, pruner: PrunerSettings): DisplayedStudy {
  const spec = publishedStudy(name);
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
