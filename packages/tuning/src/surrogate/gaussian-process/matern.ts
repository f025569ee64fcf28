// The covariance of the Gaussian process: Matérn with smoothness 5/2 and a length scale for each dimension.
//
//   w   inverse squared length scales                  shape (d,)
//   Δ   differences of two points by dimension         shape (d,); 0 or 1 for nominal dimensions (Hamming)
//   s   squared distance Σ wᵢ Δᵢ², and r = √s
//   c   correlation (1 + √5 r + 5/3 r²) exp(-√5 r)
//
// Rasmussen, Williams, Gaussian Processes for Machine Learning, eq. 4.17.
//
// A function may have detail beside: ripples that are independent from one point to the next, unless those are so near to each
// other that none fits between them. Its covariance is the same with a short length scale in every dimension.

const SQRT_5 = Math.sqrt(5);

/** What is known of a dimension of the points. */
export interface DimensionKind {
  /** Whether its coordinates are mere names. */
  readonly isNominal: boolean;
  /** Whether it may be inactive, with a neutral coordinate. @default false */
  readonly isConditional?: boolean;
}

/** Correlation at a squared distance. */
export function correlation(s: number): number {
  const scaled = SQRT_5 * Math.sqrt(s);
  return (1 + scaled + (5 / 3) * s) * Math.exp(-scaled);
}

/** Length scale of detail in one dimension, in units of the cube's edge; with the root of d, as that of the prior (prior.ts). */
const DETAIL_LENGTH = 0.02;

/**
 * Correlation of a function's detail at two points: 0.8 where every coordinate differs by a hundredth of the edge, 0.001 by a
 * tenth.
 *
 * @param square - sum of the squares of Δ
 * @param d - number of dimensions
 */
export function detailCorrelation(square: number, d: number): number {
  return correlation(square / (d * DETAIL_LENGTH ** 2));
}

/** Derivative of the correlation by the squared distance; finite at 0, where that by the distance is 0. */
export function correlationSlope(s: number): number {
  const scaled = SQRT_5 * Math.sqrt(s);
  return (-5 / 6) * (1 + scaled) * Math.exp(-scaled);
}

/** Squared difference of two coordinates of one dimension. */
export function squaredDifference({ isNominal }: DimensionKind, a: number, b: number): number {
  if (isNominal) return a === b ? 0 : 1;
  return (a - b) * (a - b);
}
