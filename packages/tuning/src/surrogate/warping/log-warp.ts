// Objectives often span orders of magnitude, and a process with one length scale everywhere then sees nothing but the
// worst trials. The warp looks at losses, the distances to the best observation, on a scale that is linear below the
// bend and logarithmic above it. The bend is chosen with the kernel's parameters, by the likelihood of the losses
// themselves: Snelson, Rasmussen, Ghahramani, Warped Gaussian Processes, 2003, eq. 6.
//
//   l   loss, ≥ 0, in units of the median loss      shape (n,)
//   c   bend, above 0
//   u   -ln(1 + l / c)
//   t   u shifted and scaled to mean 0 and variance 1

/** How targets come of losses. */
export interface WarpScale {
  readonly bend: number;
  /** Mean and standard deviation of u; the latter is 0 if all losses are equal. */
  readonly mean: number;
  readonly sd: number;
}

/** Targets at a bend, and what the likelihood needs to choose it. */
export interface Warped extends WarpScale {
  /** t; shape (n,). Larger is better. */
  readonly targets: Float64Array;
  /** Derivative of the targets by the logarithm of the bend; shape (n,). */
  readonly targetSlopes: Float64Array;
  /** Derivative of the logarithm of the standard deviation of u by the logarithm of the bend. */
  readonly sdSlope: number;
  /** Logarithm of |∂t/∂l|, summed over observations. */
  readonly logJacobian: number;
  readonly logJacobianSlope: number;
}

/**
 * Warps losses at a bend.
 *
 * @param losses - finite, each ≥ 0
 */
export function warp(losses: Float64Array, bend: number): Warped {
  const n = losses.length;
  const u = losses.map((loss) => -Math.log1p(loss / bend));
  const slopes = losses.map((loss) => loss / (bend + loss));
  const mean = average(u);
  const sd = Math.sqrt(average(u.map((value) => (value - mean) ** 2)));
  if (!(sd > 1e-9)) return constant(n, { bend, mean, sd: 0 });
  const targets = u.map((value) => (value - mean) / sd);
  const meanSlope = average(slopes);
  const sdSlope = average(slopes.map((slope, i) => slope * (targets[i] as number))) / sd;
  return {
    bend,
    mean,
    sd,
    targets,
    sdSlope,
    targetSlopes: targets.map((t, i) => ((slopes[i] as number) - meanSlope) / sd - t * sdSlope),
    logJacobian: -losses.reduce((sum, loss) => sum + Math.log(bend + loss), 0) - n * Math.log(sd),
    logJacobianSlope: -losses.reduce((sum, loss) => sum + bend / (bend + loss), 0) - n * sdSlope,
  };
}

/** The loss of a target: the inverse of the warp. Above -bend; Infinity where it would overflow. */
export function lossAt({ bend, mean, sd }: WarpScale, target: number): number {
  return bend * Math.expm1(-(mean + sd * target));
}

/** The target of a loss: Infinity for one of -bend or less, which no target has. Of losses that are not all equal. */
export function targetAt({ bend, mean, sd }: WarpScale, loss: number): number {
  return loss > -bend ? (-Math.log1p(loss / bend) - mean) / sd : Number.POSITIVE_INFINITY;
}

/**
 * The mean loss of a normally distributed target. It exceeds every loss of a likely target if the distribution is wide.
 *
 * @param variance - of the target
 * @returns Infinity where it would overflow
 */
export function meanLoss({ bend, mean, sd }: WarpScale, target: number, variance: number): number {
  return bend * Math.expm1(-(mean + sd * target) + (sd * sd * variance) / 2);
}

/** Differences as small as the rounding of equal numbers are none. */
function constant(n: number, scale: WarpScale): Warped {
  const zeros = new Float64Array(n);
  return { ...scale, targets: zeros, targetSlopes: zeros, sdSlope: 0, logJacobian: 0, logJacobianSlope: 0 };
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
