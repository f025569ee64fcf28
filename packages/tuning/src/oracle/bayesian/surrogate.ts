// What the oracle believes of the objective: the process fitted to the observations, with the pending trials taken as
// if they had ended with the value expected of them (kriging believer). That leaves the expectation as it is everywhere
// and takes the uncertainty away where an answer is on its way.

import type { SuggestionRequest } from "../oracle.js";
import { logExpectedImprovement } from "./acquisition/log-expected-improvement.js";
import type { Acquisition } from "./acquisition/maximise.js";
import type { DesignSpace } from "./dimension.js";
import { fitKernel } from "./gaussian-process/fit.js";
import type { TrainingSet } from "./gaussian-process/model.js";
import { conditionOn, type Posterior } from "./gaussian-process/posterior.js";
import { thin, trainingSet } from "./training-set.js";

/** The kernel's parameters are fitted to as many observations: more tell little about them and cost their cube. */
const FIT_POINTS_MAX = 150;

export interface Surrogate {
  readonly acquisition: Acquisition;
  /** The point with the best expected value among those observed or pending. */
  readonly incumbent: Float64Array;
}

/**
 * Fits the process and builds the acquisition function.
 *
 * @returns undefined if rounding leaves no process that can be computed with
 */
export function surrogateOf(request: SuggestionRequest, design: DesignSpace): Surrogate | undefined {
  const data = trainingSet(request, design);
  const kernel = fitKernel(thin(data, FIT_POINTS_MAX));
  const observed = conditionOn(data, kernel);
  if (observed === undefined) return undefined;
  const believed = withPending(data, request.pending.map(design.encode), observed);
  const posterior = conditionOn(believed, kernel);
  if (posterior === undefined) return undefined;
  const best = bestExpectation(believed.points, posterior);
  return { acquisition: acquisitionOver(posterior, best.mean), incumbent: best.point };
}

function withPending(data: TrainingSet, pending: readonly Float64Array[], observed: Posterior): TrainingSet {
  const expected = pending.map((point) => observed.predict(point).mean);
  return {
    kinds: data.kinds,
    points: [...data.points, ...pending],
    targets: Float64Array.from([...data.targets, ...expected]),
  };
}

/** Expectations and not observations are compared, for the best of noisy observations is partly luck. */
function bestExpectation(points: readonly Float64Array[], posterior: Posterior) {
  return points
    .map((point) => ({ point, mean: posterior.predict(point).mean }))
    .reduce((best, other) => (other.mean > best.mean ? other : best));
}

function acquisitionOver(posterior: Posterior, best: number): Acquisition {
  return {
    value(point) {
      const { mean, variance } = posterior.predict(point);
      return logExpectedImprovement(mean, Math.sqrt(variance), best).value;
    },
    valueAndGradient(point) {
      const { mean, variance, meanGradient, varianceGradient } = posterior.predictWithGradient(point);
      const sd = Math.sqrt(variance);
      const { value, byMean, bySd } = logExpectedImprovement(mean, sd, best);
      const byVariance = bySd / (2 * sd);
      return {
        value,
        gradient: meanGradient.map((slope, i) => byMean * slope + byVariance * (varianceGradient[i] ?? 0)),
      };
    },
  };
}
