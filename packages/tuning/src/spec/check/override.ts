import { specToJson } from "../json.js";
import type { OracleName, StudySpec, WarmObservation } from "../study-spec.js";
import { isRecord } from "../template/references.js";
import { checkStudySpec, type SpecResult } from "./parse.js";

/** Fields of a spec that the command line may override. */
export interface SpecOverrides {
  readonly maxTrials?: number;
  /** Replaces `training.maxEpochs`. */
  readonly maxEpochs?: number;
  readonly seed?: number;
  readonly oracle?: OracleName;
  /** Replaces the spec's pruner with one of the default settings; `true` stands for `{}`. */
  readonly pruner?: string | true;
  readonly warmStart?: readonly WarmObservation[];
}

/** Replaces fields of a spec and checks the result. */
export function overrideSpec(spec: StudySpec, overrides: SpecOverrides): SpecResult {
  const {
    maxTrials = spec.budget.maxTrials,
    maxEpochs,
    warmStart,
    seed = spec.seed,
    oracle = spec.oracle.type,
    pruner,
  } = overrides;
  const json = specToJson(spec);
  return checkStudySpec({
    ...json,
    budget: { ...spec.budget, maxTrials },
    seed,
    ...(warmStart === undefined ? {} : { warmStart }),
    oracle: oracle === spec.oracle.type ? spec.oracle : { type: oracle },
    ...(pruner === undefined || pruner === spec.pruner?.type ? {} : { pruner: pruner === true ? {} : pruner }),
    ...(maxEpochs === undefined ? {} : { training: { ...trainingOf(json), maxEpochs } }),
  });
}

function trainingOf({ training }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return isRecord(training) ? training : {};
}
