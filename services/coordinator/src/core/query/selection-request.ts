import type { Contender, SelectionRequest } from "@sintonia/tuning/selection/selection-request";
import { selectionOf } from "@sintonia/tuning/spec/selection";
import type { Study, Trial } from "../state/study.js";
import { suggestionRequest } from "./oracle-request.js";
import { searchTrials } from "./replicates.js";

/** All that the choice of the best trial depends on, in the order of trial numbers. */
export function selectionRequest(study: Study): SelectionRequest {
  const candidates = searchTrials(study).flatMap(({ id, values, objective }) =>
    objective === undefined ? [] : [{ id, values, objective }],
  );
  const known = suggestionRequest(study, study.trials.length);
  return { rule: selectionOf(study.spec).rule, known, candidates, contenders: contendersOf(study) };
}

function contendersOf({ trials, contenders = [] }: Study): readonly Contender[] {
  return contenders.map((id) => ({ id, objectives: objectivesByRound(trials, id) }));
}

function objectivesByRound(trials: readonly Trial[], trialId: string): readonly (number | undefined)[] {
  return trials.filter(({ replicates }) => replicates?.trialId === trialId).map(({ objective }) => objective);
}
