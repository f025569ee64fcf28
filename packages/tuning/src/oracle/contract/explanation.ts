import type { ParameterValues } from "../../space/parameter.js";
import type { Suggestion } from "./suggestion.js";

/** A suggestion with the reasons for it. A function of the request alone. */
export interface Explanation {
  /** The oracle's suggestion for the request, the same bits whenever it is computed. */
  readonly suggestion: Suggestion;
  /** Present if no model was involved. */
  readonly place?: SequencePlace;
  /** Present if the suggestion comes from a model. */
  readonly model?: ModelExplanation;
  /** Present in place of `model` with several objectives or limits on outcomes. */
  readonly front?: FrontExplanation;
}

/** The model's view of its suggestion with several objectives or limits on outcomes. */
export interface FrontExplanation {
  /** Posterior of each objective at the suggested point, given the completed trials alone. */
  readonly beliefs: Readonly<Record<string, ExplainedBelief>>;
  /** Probability that each limit holds at the suggested point, given the completed trials alone. */
  readonly limits: readonly { readonly limit: string; readonly probability: number }[];
  readonly acquisition: {
    readonly name: "log-expected-hypervolume-improvement";
    /** In the model's units; the largest is best. Includes the limits and pending trials. */
    readonly value: number;
    /** Probability that the trial completes; absent if every trial of the history completed. */
    readonly completion?: number;
  };
  /** Number of completed trials on the front. */
  readonly front: number;
  /** Length scales by objective and parameter, as in `ExplainedKernel`. */
  readonly lengthScales: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly runnersUp: readonly ExplainedCandidate[];
}

/** A position in the sequence of points of an oracle or of its first phase. */
export interface SequencePlace {
  /**
   * Index from 0 of the Sobol term, the grid point, the draw, or the point of the initial design.
   */
  readonly index: number;
  /** Length of the sequence, if it is limited. */
  readonly count?: number;
}

/**
 * The posterior of the objective at a point, without the noise of a measurement; in the objective's
 * units.
 */
export interface ExplainedBelief {
  /** Posterior mean; the posterior median if the mean lies outside the 95 % interval. */
  readonly mean: number;
  /** Standard deviation. */
  readonly sd: number;
  /** Ends of the central 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** A candidate with its value of the acquisition function. */
export interface ExplainedCandidate {
  readonly values: ParameterValues;
  readonly acquisition: number;
}

/** The model's view of its suggestion. */
export interface ModelExplanation {
  /** Posterior at the suggested point given the completed trials alone. */
  readonly belief: ExplainedBelief;
  /** The completed trial with the best posterior mean, and that mean. */
  readonly best: { readonly values: ParameterValues; readonly mean: number };
  readonly acquisition: ExplainedAcquisition;
  readonly kernel: ExplainedKernel;
  /**
   * At most three other candidates, best first, apart from the suggested point and from each other.
   */
  readonly runnersUp: readonly ExplainedCandidate[];
}

/** The acquisition function at the suggested point. */
export interface ExplainedAcquisition {
  /**
   * `log-expected-improvement`: in the model's units, the largest is best. `confidence-bound`: in
   * the objective's units.
   */
  readonly name: "log-expected-improvement" | "confidence-bound";
  /**
   * Averaged over fantasies of the pending trials, and multiplied by the probability of
   * feasibility.
   */
  readonly value: number;
  /**
   * Expected improvement over `best` without pending trials; in the objective's units, at least 0.
   */
  readonly expectedImprovement: number;
  /** Probability that the objective at the point is better than `best`; in [0, 1]. */
  readonly probabilityOfImprovement: number;
  /**
   * Probability that the trial completes; in [0, 1]. Absent if every trial of the history
   * completed.
   */
  readonly feasibility?: number;
}

/** The fitted parameters of the Gaussian process. */
export interface ExplainedKernel {
  /**
   * Length scale of each parameter, as a share of its range on its scale. A large one of a
   * categorical parameter means that its values have similar objectives.
   */
  readonly lengthScales: Readonly<Record<string, number>>;
  /** Prior standard deviation of the objective, in its units around its middle. */
  readonly signalSd: number;
  /**
   * Standard deviation of the noise of one measurement at the suggested point, in the objective's
   * units.
   */
  readonly noiseSd: number;
  /**
   * Distance from the best objective beyond which the warp is logarithmic; absent without a warp.
   */
  readonly bend?: number;
}
