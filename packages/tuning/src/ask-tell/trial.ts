import type { Observation, PrunedTrial } from "../objective/observation.js";
import type { Outcomes } from "../objective/outcomes.js";
import {
  isOracleChoice,
  type Suggestion,
  type SuggestionRequest,
  type SuggestionSource,
} from "../oracle/contract/suggestion.js";
import { bestObjective } from "../pruner/learning-curve/objective.js";
import { constraintsOf } from "../space/constraint/parse.js";
import type { ParameterValues } from "../space/parameter.js";
import { enqueuedValues, warmObservations } from "../spec/given-trials.js";
import { describe } from "../validation/problems.js";
import type { OracleSpec } from "./oracle-spec.js";
import type { Training } from "./reports/learning-curves.js";
import { partialResultsOf } from "./reports/partial-results.js";
import type { EndState, Tell } from "./tell.js";

/**
 * A trial of the dialogue: suggested by the oracle, or told by the program with values of its own.
 */
export interface DialogueTrial {
  readonly values: ParameterValues;
  /**
   * A paused trial waits for its promotion; an `ask` or a `resume` answers with it again. A partial
   * one is a result below the full budget, which the program told.
   */
  readonly state: "pending" | "paused" | "partial" | EndState;
  readonly objective?: number;
  readonly noiseVariance?: number;
  /** Share of the full budget behind the objective of a partial result. */
  readonly fidelity?: number;
  /** Every told outcome, where the spec has several objectives or limits. */
  readonly outcomes?: Outcomes;
  /** Origin of the values; absent if the program told values of its own. */
  readonly source?: SuggestionSource;
  /** Present once the program has reported an epoch. */
  readonly training?: Training;
  /** Number of suggested and told trials when the trial became what it is. */
  readonly knownFrom: number;
  /** What the trial was when an earlier number of trials was known. */
  readonly earlier?: DialogueTrial;
}

/**
 * Returns a pending trial with suggested values.
 *
 * @param knownFrom - number of trials at that time, this one included
 */
export function askedTrial({ values, source }: Suggestion, knownFrom: number): DialogueTrial {
  return { values, state: "pending", source, knownFrom };
}

/**
 * Returns a trial after a change. Keeps what it was before if a trial was suggested or told since.
 *
 * @param knownFrom - number of trials at the time of the change
 */
export function changedTrial(
  trial: DialogueTrial,
  change: Partial<Omit<DialogueTrial, "knownFrom" | "earlier">>,
  knownFrom: number,
): DialogueTrial {
  const { earlier, ...latest } = trial;
  const before = trial.knownFrom === knownFrom ? earlier : trial;
  return { ...latest, ...change, knownFrom, ...(before === undefined ? {} : { earlier: before }) };
}

/** Returns the fields of a trial that has ended with a told result. */
export function endOf({ state, value, noise, outcomes, fidelity = 1 }: Tell) {
  return {
    ...(fidelity < 1 ? { state: "partial" as const, fidelity } : { state }),
    ...(outcomes === undefined ? {} : { outcomes }),
    ...(typeof value === "number" ? { objective: value } : {}),
    ...(noise === undefined ? {} : { noiseVariance: noise * noise }),
  };
}

/** Returns the observation of a completed trial. */
export function observationOf({ values, objective, noiseVariance, outcomes }: DialogueTrial): Observation {
  const known = { values, objective: objective as number, ...(outcomes === undefined ? {} : { outcomes }) };
  return noiseVariance === undefined ? known : { ...known, noiseVariance };
}

/**
 * Returns the trials as they were when trial `number` was asked for: a trial that ended later is
 * pending or paused.
 */
export function trialsBefore(trials: readonly DialogueTrial[], number: number): readonly DialogueTrial[] {
  return trials.slice(0, number).map((trial) => {
    let then = trial;
    while (then.knownFrom > number && then.earlier !== undefined) then = then.earlier;
    return then;
  });
}

/** Returns the request for the next suggestion. */
export function requestOf(spec: OracleSpec, trials: readonly DialogueTrial[]): SuggestionRequest {
  const { parameters, constraints = [], objective, seed, aims } = spec;
  const inState = (state: DialogueTrial["state"]) => trials.filter((trial) => trial.state === state);
  const own = trials.filter(({ source }) => source !== undefined && isOracleChoice(source));
  const partial = partialResultsOf(spec, trials);
  const valuesIn = (state: DialogueTrial["state"]) => inState(state).map(({ values }) => values);
  return {
    space: parameters,
    constraints: constraintsOf(constraints),
    goal: objective.goal,
    ...(aims === undefined ? {} : { aims }),
    completed: [...warmObservations(spec), ...inState("completed").map(observationOf)],
    pending: valuesIn("pending"),
    infeasible: valuesIn("infeasible"),
    failed: valuesIn("failed"),
    pruned: trials
      .filter(({ state }) => state === "pruned" || state === "paused")
      .map((trial) => prunedOf(spec, trial)),
    ...(partial === undefined ? {} : { partial }),
    trialNumber: trials.length,
    suggestionIndex: own.length,
    ...latestOf(own),
    seed,
  };
}

/** A trial that waits at a rung counts like one that was pruned there, as in a study. */
function prunedOf({ objective: { goal } }: OracleSpec, { values, objective, training }: DialogueTrial): PrunedTrial {
  const reached = objective ?? (training === undefined ? undefined : bestObjective(training.objectives, goal));
  return { values, ...(reached === undefined ? {} : { objective: reached }) };
}

function latestOf(own: readonly DialogueTrial[]): Pick<SuggestionRequest, "latestSuggestion"> {
  const latest = own.at(-1);
  return latest === undefined ? {} : { latestSuggestion: latest.values };
}

/** Returns the next enqueued point; undefined if all of them were suggested. */
export function enqueuedSuggestion(spec: OracleSpec, trials: readonly DialogueTrial[]): Suggestion | undefined {
  const values = enqueuedValues(spec, trials.filter(({ source }) => source === "enqueued").length);
  return values === undefined ? undefined : { values, source: "enqueued" };
}

/** Returns the trial number that an id stands for; -1 if the id is not a number. */
export function numberOf(id: string): number {
  return /^\d{1,9}$/.test(id) ? Number(id) : -1;
}

/** Says that no trial has an id, and which ids there are. */
export function unknownId(id: string, trials: readonly DialogueTrial[]): string {
  const known = trials.length === 0 ? "ask for one first" : `the ids are "0" to "${trials.length - 1}"`;
  return `no suggestion has the id ${describe(id)}; ${known}`;
}
