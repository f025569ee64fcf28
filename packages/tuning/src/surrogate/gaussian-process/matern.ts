// The Matérn correlation with smoothness 5/2 and one length scale per dimension.
//
//   w   inverse squared length scales                  shape (d,), in 1 / edge² of the unit cube
//   Δ   difference of two points by dimension          shape (d,); 0 or 1 in nominal dimensions
//   s   squared distance Σ_k w_k Δ_k²
//   r   distance √s
//   c   correlation (1 + √5 r + 5/3 r²) exp(-√5 r)
//
// The function may be a sum of two independent processes. The detail, its second process, has the
// same correlation with a fixed, short length scale: the detail at two points is nearly independent
// unless the points are close to each other in every dimension.
//
// Rasmussen, Williams, Gaussian Processes for Machine Learning, eq. 4.17.

const SQRT_5 = Math.sqrt(5);

/** The kind of a dimension of the unit cube. */
export interface DimensionKind {
  /** True if the coordinates have no order: two of them are equal, or at distance 1. */
  readonly isNominal: boolean;
  /** True if the parameter may be inactive, with a neutral coordinate. @default false */
  readonly isConditional?: boolean;
}

/** Returns the correlation c at a squared distance s ≥ 0. */
export function correlation(s: number): number {
  const scaled = SQRT_5 * Math.sqrt(s);
  return (1 + scaled + (5 / 3) * s) * Math.exp(-scaled);
}

/**
 * Length scale of detail for d = 1, in units of the cube's edge. For more dimensions it grows with
 * √d, as the prior's medians do (prior.ts).
 */
const DETAIL_LENGTH = 0.02;

/**
 * Returns the correlation of detail at two points: about 0.8 if every coordinate differs by 0.01,
 * less than 0.001 if every coordinate differs by 0.1.
 *
 * @param square - Σ_k Δ_k²
 * @param d - number of dimensions
 */
export function detailCorrelation(square: number, d: number): number {
  return correlation(square / (d * DETAIL_LENGTH ** 2));
}

/** Returns ∂c/∂s = -5/6 (1 + √5 r) exp(-√5 r), which is finite at s = 0. */
export function correlationSlope(s: number): number {
  const scaled = SQRT_5 * Math.sqrt(s);
  return (-5 / 6) * (1 + scaled) * Math.exp(-scaled);
}

/** Returns Δ² for two coordinates of one dimension. */
export function squaredDifference({ isNominal }: DimensionKind, a: number, b: number): number {
  if (isNominal) return a === b ? 0 : 1;
  return (a - b) * (a - b);
}
