import type { Observation, SuggestionRequest } from "../oracle/oracle.js";
import { constraintsOf } from "../space/constraint/parse.js";
import type { ParameterValues } from "../space/parameter.js";
import { warmObservations } from "../spec/given-trials.js";
import type { EndState, Tell } from "./message.js";
import type { OracleSpec } from "./oracle-spec.js";

/** A trial of the dialogue: asked for, or told out of the blue. */
export interface DialogueTrial {
  readonly values: ParameterValues;
  readonly state: "pending" | EndState;
  readonly objective?: number;
  readonly noiseVariance?: number;
}

/** A trial as it was told to have ended. */
export function endedTrial(values: ParameterValues, { state, value, noise }: Tell): DialogueTrial {
  return {
    values,
    state,
    ...(typeof value === "number" ? { objective: value } : {}),
    ...(noise === undefined ? {} : { noiseVariance: noise * noise }),
  };
}

/** A completed trial as the oracle sees it. */
export function observationOf({ values, objective, noiseVariance }: DialogueTrial): Observation {
  const known = { values, objective: objective as number };
  return noiseVariance === undefined ? known : { ...known, noiseVariance };
}

/** What the oracle is asked for the next suggestion. */
export function requestOf(spec: OracleSpec, trials: readonly DialogueTrial[]): SuggestionRequest {
  const { parameters, constraints = [], objective, seed } = spec;
  const inState = (state: DialogueTrial["state"]) => trials.filter((trial) => trial.state === state);
  const valuesIn = (state: DialogueTrial["state"]) => inState(state).map(({ values }) => values);
  return {
    space: parameters,
    constraints: constraintsOf(constraints),
    goal: objective.goal,
    completed: [...warmObservations(spec), ...inState("completed").map(observationOf)],
    pending: valuesIn("pending"),
    infeasible: valuesIn("infeasible"),
    failed: valuesIn("failed"),
    pruned: inState("pruned").map(({ values, objective }) => ({
      values,
      ...(objective === undefined ? {} : { objective }),
    })),
    trialNumber: trials.length,
    seed,
  };
}
