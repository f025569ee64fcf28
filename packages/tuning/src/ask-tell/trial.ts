import type { SuggestionRequest } from "../oracle/oracle.js";
import type { ParameterValues } from "../space/parameter.js";
import { constraintsOf } from "../space/space-check.js";
import type { OracleSpec } from "../spec/oracle-spec.js";
import type { EndState, Tell } from "./message.js";

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

/** What the oracle is asked for the next suggestion. */
export function requestOf(spec: OracleSpec, trials: readonly DialogueTrial[]): SuggestionRequest {
  const { parameters, constraints = [], objective, seed } = spec;
  const inState = (state: DialogueTrial["state"]) => trials.filter((trial) => trial.state === state);
  const valuesIn = (state: DialogueTrial["state"]) => inState(state).map(({ values }) => values);
  return {
    space: parameters,
    constraints: constraintsOf(constraints),
    goal: objective.goal,
    completed: inState("completed").map(({ values, objective, noiseVariance }) => ({
      values,
      objective: objective as number,
      ...(noiseVariance === undefined ? {} : { noiseVariance }),
    })),
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
