import type { Observation } from "../objective/observation.js";
import type { Outcomes } from "../objective/outcomes.js";
import {
  isOracleChoice,
  type Suggestion,
  type SuggestionRequest,
  type SuggestionSource,
} from "../oracle/contract/suggestion.js";
import { constraintsOf } from "../space/constraint/parse.js";
import type { ParameterValues } from "../space/parameter.js";
import { enqueuedValues, warmObservations } from "../spec/given-trials.js";
import { describe } from "../validation/problems.js";
import type { EndState, Tell } from "./message.js";
import type { OracleSpec } from "./oracle-spec.js";

/**
 * A trial of the dialogue: suggested by the oracle, or told by the program with values of its own.
 */
export interface DialogueTrial {
  readonly values: ParameterValues;
  readonly state: "pending" | EndState;
  readonly objective?: number;
  readonly noiseVariance?: number;
  /** Every told outcome, where the spec has several objectives or limits. */
  readonly outcomes?: Outcomes;
  /** Origin of the values; absent if the program told values of its own. */
  readonly source?: SuggestionSource;
  /** Number of the first trial that was suggested or told after this one had ended. */
  readonly knownFrom?: number;
}

/** Returns a pending trial with suggested values. */
export function askedTrial({ values, source }: Suggestion): DialogueTrial {
  return { values, state: "pending", source };
}

/**
 * Returns a trial with its told result.
 *
 * @param knownFrom - number of trials at that time, this one included
 */
export function endedTrial(
  { values, source }: Pick<DialogueTrial, "values" | "source">,
  { state, value, noise, outcomes }: Tell,
  knownFrom: number,
): DialogueTrial {
  return {
    ...(outcomes === undefined ? {} : { outcomes }),
    values,
    ...(source === undefined ? {} : { source }),
    knownFrom,
    state,
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
 * Returns the trials as they were when trial `number` was asked for: trials that ended later are
 * pending.
 */
export function trialsBefore(trials: readonly DialogueTrial[], number: number): readonly DialogueTrial[] {
  return trials.slice(0, number).map((trial): DialogueTrial => {
    const { values, source, knownFrom = Number.POSITIVE_INFINITY } = trial;
    if (knownFrom <= number || source === undefined) return trial;
    return { values, source, state: "pending" };
  });
}

/** Returns the request for the next suggestion. */
export function requestOf(spec: OracleSpec, trials: readonly DialogueTrial[]): SuggestionRequest {
  const { parameters, constraints = [], objective, seed, aims } = spec;
  const inState = (state: DialogueTrial["state"]) => trials.filter((trial) => trial.state === state);
  const own = trials.filter(({ source }) => source !== undefined && isOracleChoice(source));
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
    pruned: inState("pruned").map(({ values, objective }) => ({
      values,
      ...(objective === undefined ? {} : { objective }),
    })),
    trialNumber: trials.length,
    suggestionIndex: own.length,
    ...latestOf(own),
    seed,
  };
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
