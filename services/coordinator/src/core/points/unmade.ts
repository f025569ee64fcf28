import { selectionOf } from "@sintonia/tuning/spec/selection";
import { maxTrialsOf, type Study } from "../state/study.js";

/** Returns how many trials the search may still make. Replicates are outside its budget. */
export function unmadeTrials(study: Study): number {
  const { spec, trials } = study;
  // Other rules have no replicates: counting the trials takes no time.
  const hasReplicates = selectionOf(spec).rule === "replicate";
  const made = hasReplicates ? trials.filter(({ replicates }) => replicates === undefined).length : trials.length;
  return maxTrialsOf(study) - made;
}
