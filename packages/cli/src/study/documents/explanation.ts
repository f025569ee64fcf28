import { aimsOfStudy } from "@sintonia/page/plot/front/outcomes";
import {
  type AcquisitionValue,
  type ExplainTrialResponse,
  type FrontExplanation,
  type ModelExplanation,
  SuggestionSource,
} from "@sintonia/proto/sintonia/v1/admin";
import type { PruningEvidence, Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { type MetricRange, UNBOUNDED } from "@sintonia/tuning/plan/metric";
import type { ParameterValue } from "@sintonia/tuning/space/parameter";
import { objectiveRange, type StudySpec } from "@sintonia/tuning/spec/study-spec";
import { trialStateName } from "../trial-state.js";
import { trialValues } from "../values.js";
import { parameterNames } from "./trial-results.js";

type Values = Readonly<Record<string, ParameterValue>>;

/**
 * The document that `explain --json` prints. Field names are part of the command-line interface.
 */
export interface ExplanationDocument {
  readonly study: string;
  readonly trial: string;
  readonly metric: string;
  readonly values: Values;
  /**
   * Source of the values: random, quasi-random, grid, initial-design, model, defaults or enqueued.
   */
  readonly source: string;
  readonly oracle: string;
  /** The history that the oracle had when it suggested the values. */
  readonly known: {
    readonly completed: number;
    readonly pending: readonly Values[];
    readonly infeasible: number;
    readonly failed: number;
    readonly pruned: number;
    /** Results below the full budget, of its own trials and of other studies. */
    readonly partial: number;
  };
  /**
   * Position of the suggestion in its sequence, from 0, and the sequence's length if the oracle
   * sets one. Null for a suggestion of a model, for the defaults and for enqueued values.
   */
  readonly place: { readonly index: number; readonly count: number | null } | null;
  readonly model: ModelDocument | null;
  /** The surrogates of several objectives and of limits, in place of `model`; null without them. */
  readonly front: FrontModelDocument | null;
  /** Objective of the trial; null unless it completed. */
  readonly objective: number | null;
  /**
   * Outcomes of a completed trial by name, the objectives first. Absent in a study of one objective
   * without limits.
   */
  readonly outcomes?: Readonly<Record<string, number>>;
  /** State of the trial, such as "pruned", and the reason of its end; null without a reason. */
  readonly state: string;
  readonly reason: string | null;
  /** Facts for which the pruner paused or ended the trial; null in any other state. */
  readonly pruning: PruningEvidence | null;
  /** Always true. If the recomputed values differ from the trial's, the command fails instead. */
  readonly reproduced: true;
}

/**
 * The surrogate and the acquisition function at the suggested values. Means and deviations in the
 * objective's units.
 */
export interface ModelDocument {
  readonly mean: number;
  readonly sd: number;
  /** 95 % interval of the objective. */
  readonly interval: readonly [low: number, high: number];
  readonly best: { readonly values: Values; readonly mean: number };
  readonly acquisition: {
    readonly name: string;
    readonly value: number;
    readonly expectedImprovement: number;
    readonly probabilityOfImprovement: number;
    readonly feasibility: number | null;
  };
  /** Length scale of each parameter, as a share of the parameter's range. */
  readonly lengthScales: Readonly<Record<string, number>>;
  readonly signalSd: number;
  readonly noiseSd: number;
  /**
   * Distance from the best objective beyond which the surrogate uses a logarithmic scale; null if
   * it uses none.
   */
  readonly bend: number | null;
  readonly runnersUp: readonly { readonly values: Values; readonly acquisition: number }[];
}

/** The surrogates of several objectives and of limits at the suggested values. */
export interface FrontModelDocument {
  readonly objectives: readonly {
    readonly name: string;
    readonly mean: number;
    readonly sd: number;
    readonly interval: readonly [low: number, high: number];
    readonly lengthScales: Readonly<Record<string, number>>;
  }[];
  /** Probability of each limit at the suggested values. */
  readonly limits: readonly { readonly limit: string; readonly probability: number }[];
  readonly acquisition: { readonly name: string; readonly value: number; readonly completion: number | null };
  /** Number of completed trials on the front at that time. */
  readonly frontCount: number;
  readonly runnersUp: readonly { readonly values: Values; readonly acquisition: number }[];
}

const SOURCES: Readonly<Record<number, string>> = {
  [SuggestionSource.RANDOM]: "random",
  [SuggestionSource.QUASI_RANDOM]: "quasi-random",
  [SuggestionSource.GRID]: "grid",
  [SuggestionSource.INITIAL_DESIGN]: "initial-design",
  [SuggestionSource.MODEL]: "model",
  [SuggestionSource.ENQUEUED]: "enqueued",
  [SuggestionSource.DEFAULTS]: "defaults",
};

/** Returns the explanation of a trial as a document. */
export function explanationDocument(study: Study, response: ExplainTrialResponse): ExplanationDocument {
  const { trial, source, oracle, known, place, model, front } = response;
  const spec = study.specJson === "" ? null : (JSON.parse(study.specJson) as StudySpec);
  const names = parameterNames(spec);
  return {
    study: study.id,
    trial: trial?.id ?? "",
    metric: study.objectiveMetric,
    values: trialValues(trial ?? { values: {} }, names),
    source: SOURCES[source] ?? "unknown",
    oracle,
    known: {
      completed: known?.completed ?? 0,
      pending: (known?.pending ?? []).map((point) => trialValues(point, names)),
      infeasible: known?.infeasible ?? 0,
      failed: known?.failed ?? 0,
      pruned: known?.pruned ?? 0,
      partial: known?.partial ?? 0,
    },
    place: place === undefined ? null : { index: place.index, count: place.count ?? null },
    model: model === undefined ? null : modelDocument(model, names, spec === null ? UNBOUNDED : objectiveRange(spec)),
    front: front === undefined ? null : frontDocument(front, names),
    objective: trial?.objective ?? null,
    ...outcomesOf(study, trial),
    ...endOf(trial),
    reproduced: true,
  };
}

function outcomesOf(study: Study, trial: Trial | undefined): Pick<ExplanationDocument, "outcomes"> {
  const known = (aimsOfStudy(study)?.names ?? []).flatMap((name) => {
    const value = trial?.outcomes[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return known.length === 0 ? {} : { outcomes: Object.fromEntries(known) };
}

function endOf(trial: Trial | undefined): Pick<ExplanationDocument, "state" | "reason" | "pruning"> {
  if (trial === undefined) return { state: "unknown", reason: null, pruning: null };
  const { state, message, waiting, evidence } = trial;
  return { state: trialStateName(state), reason: message || waiting?.message || null, pruning: evidence ?? null };
}

/** @param range - range of the objective, to which expected objectives are clipped */
function modelDocument(model: ModelExplanation, names: readonly string[], { min, max }: MetricRange): ModelDocument {
  const { belief, best, bestMean, acquisition, lengthScales, signalSd, noiseSd, bend, runnersUp } = model;
  if (belief === undefined || acquisition === undefined)
    throw new Error("the coordinator answered without a prediction");
  const clip = (value: number) => Math.min(max, Math.max(min, value));
  const order = names.filter((name) => Object.hasOwn(lengthScales, name));
  return {
    mean: clip(belief.mean),
    sd: belief.sd,
    interval: [clip(belief.low), clip(belief.high)],
    best: { values: trialValues(best ?? { values: {} }, names), mean: clip(bestMean) },
    acquisition: acquisitionDocument(acquisition),
    lengthScales: Object.fromEntries(order.map((name) => [name, lengthScales[name] as number])),
    signalSd,
    noiseSd,
    bend: bend ?? null,
    runnersUp: runnersUp.map(({ point, acquisition: value }) => ({
      values: trialValues(point ?? { values: {} }, names),
      acquisition: value,
    })),
  };
}

function acquisitionDocument(acquisition: AcquisitionValue): ModelDocument["acquisition"] {
  const { name, value, expectedImprovement, probabilityOfImprovement, feasibility } = acquisition;
  return { name, value, expectedImprovement, probabilityOfImprovement, feasibility: feasibility ?? null };
}

function frontDocument(front: FrontExplanation, names: readonly string[]): FrontModelDocument {
  const objectives = front.objectives.map(({ name, belief, lengthScales }) => {
    const { mean = Number.NaN, sd = Number.NaN, low = Number.NaN, high = Number.NaN } = belief ?? {};
    return { name, mean, sd, interval: [low, high] as const, lengthScales };
  });
  return {
    objectives,
    limits: front.limits,
    acquisition: { name: front.acquisitionName, value: front.acquisition, completion: front.completion ?? null },
    frontCount: front.frontCount,
    runnersUp: front.runnersUp.map(({ point, acquisition }) => ({
      values: trialValues(point ?? { values: {} }, names),
      acquisition,
    })),
  };
}
