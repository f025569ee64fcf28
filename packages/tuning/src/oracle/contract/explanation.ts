import type { ParameterValues } from "../../space/parameter.js";
import type { Suggestion } from "./suggestion.js";

/** Why an oracle suggested what it did, as it saw the study when it was asked. A function of the request alone. */
export interface Explanation {
  /** What the oracle suggests for the request: the same, bit for bit, whenever it is computed. */
  readonly suggestion: Suggestion;
  /** Of a suggestion that comes from no model. */
  readonly place?: SequencePlace;
  /** Of a suggestion that comes from a model. */
  readonly model?: ModelExplanation;
}

/** Place in the sequence that a phase of an oracle goes through. */
export interface SequencePlace {
  /** From 0: the Sobol term, the point of the grid, the draw, or the trial of the initial design. */
  readonly index: number;
  /** Length of the sequence, where the oracle sets one. */
  readonly count?: number;
}

/** What a model believes of the objective at a point, without the noise of a measurement; in the objective's units. */
export interface ExplainedBelief {
  readonly mean: number;
  /** Half the interval of 68 %: the standard deviation, up to the bend of the warp. */
  readonly sd: number;
  /** Ends of the interval that holds the objective with a probability of 95 %. */
  readonly low: number;
  readonly high: number;
}

/** A point and what the acquisition function gives for it. */
export interface ExplainedCandidate {
  readonly values: ParameterValues;
  readonly acquisition: number;
}

/** How a model came to its suggestion. */
export interface ModelExplanation {
  /** At the suggested point, from the completed trials alone. */
  readonly belief: ExplainedBelief;
  /** The completed trial with the best expected objective, and that expectation. */
  readonly best: { readonly values: ParameterValues; readonly mean: number };
  readonly acquisition: ExplainedAcquisition;
  readonly kernel: ExplainedKernel;
  /** Other candidates, best first, that lie apart from the suggested one and from each other; at most three. */
  readonly runnersUp: readonly ExplainedCandidate[];
}

/** What made the suggested point the best candidate. */
export interface ExplainedAcquisition {
  /** `log-expected-improvement`: in the model's units, largest is best. `confidence-bound`: in the objective's units. */
  readonly name: "log-expected-improvement" | "confidence-bound";
  /** Over what the pending trials may bring, and with the probability of feasibility. */
  readonly value: number;
  /** Over the best expected objective, as if nothing were pending; in the objective's units, at least 0. */
  readonly expectedImprovement: number;
  /** That the objective at the point is better than the best expected one; in [0, 1]. */
  readonly probabilityOfImprovement: number;
  /** That the trial ends with an objective; in [0, 1]. Where some trial was infeasible. */
  readonly feasibility?: number;
}

/** The process that the model is, fitted to the trials known then. */
export interface ExplainedKernel {
  /**
   * By parameter, the distance over which the objective changes, as a share of the parameter's range on its scale. Where a
   * parameter has mere names, a large one says that they are alike.
   */
  readonly lengthScales: Readonly<Record<string, number>>;
  /** Spread of the objective over the space, before any observation; in the objective's units around its middle. */
  readonly signalSd: number;
  /** Of one measurement at the suggested point; in the objective's units. */
  readonly noiseSd: number;
  /** Distance from the best objective above which differences count by their logarithm; absent where none do. */
  readonly bend?: number;
}
