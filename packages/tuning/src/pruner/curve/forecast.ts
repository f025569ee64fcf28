// The probability that a trial ends above a target, by the moments of completed trials.
//
//   b, p     best score and progress of the trial at its moment
//   T        target
//   σ        noise of a measured objective
//   b_r, p_r, f_r   the same and the final score of the completed trial r = 1..m, at the same place
//   h        gain that the trial needs and its noise, T - b + σ: the unit of everything here
//   w_r      weight of r, 1 / (1 + ((b_r - b) / h)²); W their sum
//   k        predictor, with a figure y_r of each trial and its scale c_r:
//              gain    y = f - b              c = 1         f = b + y
//              ratio   y = (f - b) / (p + φ)  c = p + φ     f = b + y (p + φ)
//              level   y = f                  c = 1         f = y
//   φ        floor of a progress and of a standard deviation, σ / 4
//   ν, s     degrees of freedom and scale of a predictor's Student distribution for y:
//              ν = ν₀ + W - 1,   s² = κ² (ν₀ s₀² + Σ w_r (y_r - ȳ)²) / ν · (1 + 1 / W)
//   s₀       prior scale: ρ |ȳ| of a gain or ratio, ℓ of a level
//   ℓ        prior standard deviation of the final scores of equally good trials
//   κ²       widening: the mean square of the predictor's errors on the completed trials, each
//            predicted from the others, in units of s; at least 1, and ν₀ errors of 1 come first
//
// The forecast mixes the predictors. The weight of each is its prior times the densities that it
// gives to the final scores of the completed trials, each predicted from the others. The level
// ignores the trial's curve; its prior falls with the distance of b from the nearest b_r.
//
// Domhan, Springenberg, Hutter 2015 fit several parametric curves and weight them by their
// densities; here each predictor is simpler than a curve, and its weight is of the same kind. The
// ratio is constant for a power law, a curve of that paper and of Klein et al. 2017.

import { studentTail } from "../../numeric/distribution/student-distribution.js";
import type { Moment } from "./moments.js";

/** ν₀, the number of trials that the prior scales count as: about the size of a small study. */
const PRIOR_DEGREES = 8;
/** ρ: the gains that remained to two trials of one study differ by about a third. */
const RELATIVE_SPREAD = 0.3;
/** φ in units of σ. */
const FLOOR = 0.25;
/** Distance |b - b_r| in units of σ at which the prior of the level falls to exp(-1/2). */
const LEVEL_REACH = 2;
/** Completed trials that a forecast reads; the work is quadratic in their number. */
const REFERENCES_MAX = 100;

/** Largest figure in units of h: its square is finite, and so far away all are alike. */
const FIGURE_MAX = 1e100;

/** The question of a forecast, in scores. */
export interface Question {
  readonly moment: Omit<Moment, "final">;
  /** Moments of completed trials at the same place, at least one. */
  readonly references: readonly Moment[];
  /** Above the best score of the moment. */
  readonly target: number;
  /** σ, at least 0. */
  readonly noise: number;
  /** ℓ, at least 0. */
  readonly spread: number;
}

/** The figure of a predictor for every trial, in units of h. */
interface Predictor {
  readonly figures: Float64Array;
  /** Scale that converts a figure's error into one of the final score, for each trial. */
  readonly scales: Float64Array;
  /** Scale for the trial of the question. */
  readonly scale: number;
  /** Final score, minus b, of a figure. */
  final(figure: number): number;
  /** s₀ for a mean figure. */
  priorScale(mean: number): number;
  /** Logarithm of the weight before any completed trial was predicted. */
  readonly logPrior: number;
}

/** A Student distribution of a figure. */
interface Prediction {
  readonly mean: number;
  readonly scale: number;
  readonly degrees: number;
}

/**
 * Returns the probability that a trial ends above a target.
 *
 * @returns in [0, 1]
 */
export function exceedance(question: Question): number {
  const { moment, target, noise, spread: levelSpread } = question;
  const unit = target - moment.best + noise;
  const references = nearest(question).map(({ best, progress, final }) => ({
    best: bounded((best - moment.best) / unit),
    progress: bounded(progress / unit),
    final: bounded((final - moment.best) / unit),
  }));
  const sigma = noise / unit;
  const floor = Math.max(FLOOR * sigma, Number.EPSILON);
  const weights = Float64Array.from(references, ({ best }) => 1 / (1 + best * best));
  const progress = bounded(moment.progress / unit);
  const predictors = predictorsOf(references, { progress, sigma, floor, level: levelSpread / unit });
  const forecasts = predictors.map((predictor) => {
    const { logScore, widening } = scoreOf(predictor, weights, floor);
    const { mean, scale, degrees } = predict(predictor, weights);
    const spread = widening * scale * predictor.scale + floor;
    const z = ((target - moment.best) / unit - predictor.final(mean)) / spread;
    return { logWeight: predictor.logPrior + logScore, tail: studentTail(z, Math.max(1, Math.round(degrees))) };
  });
  const largest = Math.max(...forecasts.map(({ logWeight }) => logWeight));
  const shares = forecasts.map(({ logWeight }) => Math.exp(logWeight - largest));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return forecasts.reduce((sum, { tail }, k) => sum + ((shares[k] as number) / total) * tail, 0);
}

function bounded(figure: number): number {
  return Math.max(-FIGURE_MAX, Math.min(FIGURE_MAX, figure));
}

/** Returns the references with the best scores nearest to the trial's. */
function nearest({ moment, references }: Question): readonly Moment[] {
  if (references.length <= REFERENCES_MAX) return references;
  const distance = ({ best }: Moment) => Math.abs(best - moment.best);
  return references.toSorted((a, b) => distance(a) - distance(b)).slice(0, REFERENCES_MAX);
}

function predictorsOf(
  references: readonly Moment[],
  { progress, sigma, floor, level }: Record<"progress" | "sigma" | "floor" | "level", number>,
): readonly Predictor[] {
  const ones = new Float64Array(references.length).fill(1);
  const paces = Float64Array.from(references, (reference) => reference.progress + floor);
  const gains = Float64Array.from(references, ({ best, final }) => final - best);
  const pace = progress + floor;
  const relative = (mean: number) => RELATIVE_SPREAD * Math.abs(mean);
  const reach = LEVEL_REACH * Math.max(sigma, floor);
  const distance = Math.min(...references.map(({ best }) => Math.abs(best)));
  const levelScale = Math.max(level, floor);
  return [
    { figures: gains, scales: ones, scale: 1, final: (gain) => gain, priorScale: relative, logPrior: 0 },
    {
      figures: gains.map((gain, r) => gain / (paces[r] as number)),
      scales: paces,
      scale: pace,
      final: (ratio) => ratio * pace,
      priorScale: relative,
      logPrior: 0,
    },
    {
      figures: Float64Array.from(references, ({ final }) => final),
      scales: ones,
      scale: 1,
      final: (level) => level,
      priorScale: () => levelScale,
      logPrior: -0.5 * (distance / reach) ** 2,
    },
  ];
}

/**
 * Predicts a figure from those of the completed trials.
 *
 * @param left - index of a trial to leave out
 */
function predict({ figures, priorScale }: Predictor, weights: Float64Array, left = -1): Prediction {
  let [weight, sum] = [0, 0];
  for (let r = 0; r < figures.length; r++) {
    if (r === left) continue;
    weight += weights[r] as number;
    sum += (weights[r] as number) * (figures[r] as number);
  }
  const mean = sum / weight;
  let squares = 0;
  for (let r = 0; r < figures.length; r++) {
    if (r !== left) squares += (weights[r] as number) * ((figures[r] as number) - mean) ** 2;
  }
  const degrees = Math.max(1, PRIOR_DEGREES + weight - 1);
  const variance = (PRIOR_DEGREES * priorScale(mean) ** 2 + squares) / degrees;
  return { mean, scale: Math.sqrt(variance * (1 + 1 / weight)), degrees };
}

/** Scores a predictor by its predictions of the completed trials, each from the others. */
function scoreOf(predictor: Predictor, weights: Float64Array, floor: number) {
  const { figures, scales } = predictor;
  let [logScore, squares, weight] = [0, PRIOR_DEGREES, PRIOR_DEGREES];
  if (figures.length < 2) return { logScore, widening: 1 };
  for (let r = 0; r < figures.length; r++) {
    const [w, c] = [weights[r] as number, scales[r] as number];
    const { mean, scale, degrees } = predict(predictor, weights, r);
    const spread = scale * c + floor;
    const z = (((figures[r] as number) - mean) * c) / spread;
    logScore -= w * (Math.log(spread) + ((degrees + 1) / 2) * Math.log1p((z * z) / degrees));
    squares += w * z * z;
    weight += w;
  }
  return { logScore, widening: Math.sqrt(Math.max(1, squares / weight)) };
}
