// The expected hypervolume improvement of one point over one front.
//
//   t_i        target of objective i at the point, independent N(μ_i, σ_i²); larger is better
//   B          boxes of the undominated region, with edges a in targets of each objective
//   G_i(a)     E[max(0, t_i - a)] = σ_i h((μ_i - a) / σ_i), see log-expected-improvement.ts
//
//   E[improvement] = Σ_B Π_i (G_i(worse edge) - G_i(better edge))
//
// Objectives are independent given the point, so the expectation of a box's volume is a product and
// exact. The value is its logarithm, which keeps a gradient where the improvement underflows.
//
// Boxes: Yang, Emmerich, Deutz, Bäck, Efficient computation of expected hypervolume improvement
// using box decomposition algorithms, 2019, eq. 13. Logarithm: Ament, Daulton, Eriksson, Balandat,
// Bakshy, Unexpected Improvements to Expected Improvement, 2023.

import { type Boxes, undominatedBoxes } from "../../../front/boxes.js";
import { logH, logHSlope } from "../acquisition/log-expected-improvement.js";

/** The distribution of one objective's target at a point. */
export interface TargetMoments {
  readonly mean: number;
  readonly sd: number;
}

/** The derivatives of the logarithm by the moments of one objective. */
export interface MomentSlopes {
  byMean: number;
  bySd: number;
}

/** Edges of boxes in one objective, and the values of the latest moments. */
interface Edges {
  /** The latest moments; NaN before the first. */
  mean: number;
  sd: number;
  /** Largest of `logs`. */
  top: number;
  /** Targets; shape (edges,). */
  readonly targets: Float64Array;
  /** G at each edge, divided by the largest G; shape (edges,). */
  readonly gains: Float64Array;
  /** ln G at each edge. */
  readonly logs: Float64Array;
  /** ∂ln G/∂μ and ∂ln G/∂σ at each edge. */
  readonly byMean: Float64Array;
  readonly bySd: Float64Array;
  /** Index of the edge of each box's upper and lower corner; -1 for no lower edge. */
  readonly upper: Int32Array;
  readonly lower: Int32Array;
}

/**
 * Smallest sum of scaled volumes that the fast sum of products may return; smaller ones are summed
 * in logarithms, because factors may have underflowed.
 */
const SUM_MIN = 1e-200;

/** Expected improvement over one front. Reuses its arrays for every point. */
export class VolumeGain {
  readonly #edges: readonly Edges[];
  readonly #count: number;
  readonly #logs: Float64Array;

  /**
   * @param front - targets of shape (m,)
   * @param reference - targets of shape (m,)
   */
  constructor(front: readonly Float64Array[], reference: Float64Array) {
    const losses = front.map((targets) => targets.map((target) => -target));
    const boxes = undominatedBoxes(
      losses,
      reference.map((target) => -target),
    );
    this.#count = boxes.count;
    this.#logs = new Float64Array(boxes.count);
    this.#edges = Array.from(reference, (_, i) => edgesOf(boxes, i));
  }

  /** Returns the logarithm of the expected improvement; finite unless the point has no chance. */
  log(moments: readonly TargetMoments[]): number {
    let largest = 0;
    this.#edges.forEach((edges, i) => {
      const top = this.#fillLogs(edges, moments[i] as TargetMoments);
      largest += top;
      for (let e = 0; e < edges.gains.length; e++) edges.gains[e] = Math.exp((edges.logs[e] as number) - top);
    });
    const sum = this.#sumOfProducts();
    return sum > SUM_MIN ? largest + Math.log(sum) : this.#sumOfLogs();
  }

  /** Adds the gradient of the logarithm, times a weight, to the slopes of each objective. */
  addSlopes(moments: readonly TargetMoments[], weight: number, to: readonly MomentSlopes[]): void {
    for (const [i, edges] of this.#edges.entries()) {
      this.#fillLogs(edges, moments[i] as TargetMoments);
      this.#fillSlopes(edges, moments[i] as TargetMoments);
    }
    const total = this.#sumOfLogs();
    for (let box = 0; box < this.#count; box++) {
      const share = weight * Math.exp((this.#logs[box] as number) - total);
      if (!(share !== 0)) continue;
      this.#edges.forEach((edges, i) => {
        const [up, low] = [edges.upper[box] as number, edges.lower[box] as number];
        const ratio = low < 0 ? 0 : Math.exp((edges.logs[low] as number) - (edges.logs[up] as number));
        const slope = (slopes: Float64Array) =>
          ((slopes[up] as number) - (low < 0 ? 0 : ratio * (slopes[low] as number))) / (1 - ratio);
        const slopes = to[i] as MomentSlopes;
        slopes.byMean += share * slope(edges.byMean);
        slopes.bySd += share * slope(edges.bySd);
      });
    }
  }

  /**
   * Fills the logarithms of one objective, unless they are those of the same moments: a search asks
   * for the gradient where it just asked for the value. Returns the largest logarithm.
   */
  #fillLogs(edges: Edges, { mean, sd }: TargetMoments): number {
    if (mean === edges.mean && sd === edges.sd) return edges.top;
    const logSd = Math.log(sd);
    let top = Number.NEGATIVE_INFINITY;
    for (let e = 0; e < edges.targets.length; e++) {
      const log = logSd + logH((mean - (edges.targets[e] as number)) / sd);
      edges.logs[e] = log;
      if (log > top) top = log;
    }
    edges.mean = mean;
    edges.sd = sd;
    edges.top = top;
    return top;
  }

  #fillSlopes({ targets, byMean, bySd }: Edges, { mean, sd }: TargetMoments): void {
    for (let e = 0; e < targets.length; e++) {
      const z = (mean - (targets[e] as number)) / sd;
      const slope = logHSlope(z);
      byMean[e] = slope / sd;
      bySd[e] = (1 - z * slope) / sd;
    }
  }

  #sumOfProducts(): number {
    let sum = 0;
    for (let box = 0; box < this.#count; box++) {
      let product = 1;
      for (let i = 0; i < this.#edges.length; i++) {
        const { gains, upper, lower } = this.#edges[i] as Edges;
        const low = lower[box] as number;
        product *= (gains[upper[box] as number] as number) - (low < 0 ? 0 : (gains[low] as number));
      }
      sum += product;
    }
    return sum;
  }

  /** Fills the logarithm of each box's expected volume. Returns the logarithm of their sum. */
  #sumOfLogs(): number {
    let top = Number.NEGATIVE_INFINITY;
    for (let box = 0; box < this.#count; box++) {
      let log = 0;
      for (const { logs, upper, lower } of this.#edges) {
        const [high, low] = [logs[upper[box] as number] as number, lower[box] as number];
        log += low < 0 ? high : high + Math.log1p(-Math.exp(Math.min(0, (logs[low] as number) - high)));
      }
      this.#logs[box] = log;
      if (log > top) top = log;
    }
    if (top === Number.NEGATIVE_INFINITY) return top;
    let sum = 0;
    for (let box = 0; box < this.#count; box++) sum += Math.exp((this.#logs[box] as number) - top);
    return top + Math.log(sum);
  }
}

function edgesOf({ count, lower, upper }: Boxes, i: number): Edges {
  const m = lower.length / count;
  const corner = (corners: Float64Array, box: number) => corners[box * m + i] as number;
  const boxes = Array.from({ length: count }, (_, box) => box);
  const losses = boxes.flatMap((box) => [corner(lower, box), corner(upper, box)]).filter(Number.isFinite);
  const values = [...new Set(losses)].sort((a, b) => a - b);
  const place = new Map(values.map((value, e) => [value, e]));
  const zeros = () => new Float64Array(values.length);
  return {
    mean: Number.NaN,
    sd: Number.NaN,
    top: Number.NEGATIVE_INFINITY,
    targets: Float64Array.from(values, (value) => -value),
    gains: zeros(),
    logs: zeros(),
    byMean: zeros(),
    bySd: zeros(),
    upper: Int32Array.from(boxes, (box) => place.get(corner(upper, box)) as number),
    lower: Int32Array.from(boxes, (box) => place.get(corner(lower, box)) ?? -1),
  };
}
