// Translates explanations and the importance of parameters into protobuf messages.

import {
  type ExplainTrialResponse,
  type FrontExplanation,
  type GetImportanceResponse,
  type KnownTrials,
  type ModelExplanation,
  ParameterPoint,
  type RunnerUp,
  SuggestionSource,
} from "@sintonia/proto/sintonia/v1/admin";
import type { Importance } from "@sintonia/tuning/importance/importance";
import type * as tuning from "@sintonia/tuning/oracle/contract/explanation";
import type * as oracle from "@sintonia/tuning/oracle/contract/suggestion";
import type { SearchSpace } from "@sintonia/tuning/space/parameter";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { TrialExplanation } from "../../../shell/trial-explanation.js";
import { valuesMessage } from "./study-messages.js";

const SOURCES: Readonly<Record<oracle.SuggestionSource, SuggestionSource>> = {
  random: SuggestionSource.RANDOM,
  "quasi-random": SuggestionSource.QUASI_RANDOM,
  grid: SuggestionSource.GRID,
  "initial-design": SuggestionSource.INITIAL_DESIGN,
  model: SuggestionSource.MODEL,
  defaults: SuggestionSource.DEFAULTS,
  enqueued: SuggestionSource.ENQUEUED,
};

/** Translates the explanation of a trial. */
export function explanationMessage(
  { parameters, oracle }: StudySpec,
  { request, explanation }: TrialExplanation,
): Omit<ExplainTrialResponse, "trial"> {
  const { suggestion, place, model, front } = explanation;
  return {
    source: SOURCES[suggestion.source],
    oracle: oracle.type,
    known: knownMessage(parameters, request),
    place: place === undefined ? undefined : { index: place.index, count: place.count },
    model: model === undefined ? undefined : modelMessage(parameters, model),
    front: front === undefined ? undefined : frontMessage(parameters, front),
  };
}

function frontMessage(space: SearchSpace, front: tuning.FrontExplanation): FrontExplanation {
  const { beliefs, limits, acquisition, lengthScales, runnersUp } = front;
  return {
    objectives: Object.entries(beliefs).map(([name, belief]) => ({
      name,
      belief,
      lengthScales: { ...lengthScales[name] },
    })),
    limits: limits.map((limit) => ({ ...limit })),
    acquisitionName: acquisition.name,
    acquisition: acquisition.value,
    completion: acquisition.completion,
    frontCount: front.front,
    runnersUp: runnersUp.map((candidate) => runnerUpMessage(space, candidate)),
  };
}

function runnerUpMessage(space: SearchSpace, { values, acquisition }: tuning.ExplainedCandidate): RunnerUp {
  return { point: { values: valuesMessage(space, values) }, acquisition };
}

function knownMessage(space: SearchSpace, request: oracle.SuggestionRequest): KnownTrials {
  const { completed, pending, infeasible, failed = [], pruned = [], partial = [] } = request;
  return {
    completed: completed.length,
    pending: fittingPoints(pending.map((values) => ({ values: valuesMessage(space, values) }))),
    infeasible: infeasible.length,
    failed: failed.length,
    pruned: pruned.length,
    partial: partial.length,
  };
}

/** Bytes of pending points after which the list ends, so that the message stays below 4 MiB. */
const PENDING_MAX_BYTES = 1024 * 1024;

function fittingPoints(points: readonly ParameterPoint[]): ParameterPoint[] {
  let bytes = 0;
  const end = points.findIndex((point) => {
    bytes += ParameterPoint.encode(point).finish().length;
    return bytes > PENDING_MAX_BYTES;
  });
  return end < 0 ? [...points] : points.slice(0, end);
}

function modelMessage(space: SearchSpace, model: tuning.ModelExplanation): ModelExplanation {
  const { belief, best, acquisition, kernel, runnersUp } = model;
  return {
    belief,
    best: { values: valuesMessage(space, best.values) },
    bestMean: best.mean,
    acquisition: { ...acquisition, feasibility: acquisition.feasibility },
    lengthScales: kernel.lengthScales,
    signalSd: kernel.signalSd,
    noiseSd: kernel.noiseSd,
    bend: kernel.bend,
    runnersUp: runnersUp.map((candidate) => runnerUpMessage(space, candidate)),
  };
}

/** Translates the importance of parameters. */
export function importanceMessage(importance: Importance): GetImportanceResponse {
  return {
    parameters: importance.parameters.map(({ parameter, first, total }) => ({ parameter, firstOrder: first, total })),
    pairs: importance.pairs.map(({ parameters: [first, second], interaction }) => ({ first, second, interaction })),
    observations: importance.observations,
    sd: importance.sd,
    noise: importance.noise,
    cap: importance.cap,
  };
}
