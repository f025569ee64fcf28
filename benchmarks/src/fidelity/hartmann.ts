// Hartmann functions with fidelities: at low fidelity the weights of the bumps are biased, and
// noise is added. Kandasamy, Dasarathy, Schneider, Poczos, Multi-fidelity Bayesian optimisation
// with continuous approximations, 2017; bias, noise and logarithmic fidelity as in mf-prior-bench.
//
//   e   epoch, 1 to E
//   z   ln e / ln E, from 0 to 1
//   f   -Σ_i (α_i - bias (1 - z)) exp(-Σ_k A_ik (x_k - P_ik)²) + noise (1 - z) |n|,  n ~ N(0, 1)

import { HARTMANN_WEIGHTS, type Hartmann } from "../oracle/problems/functions/hartmann.js";

/** Distortion at fidelity 0. */
export interface Distortion {
  readonly bias: number;
  readonly noise: number;
}

/**
 * Returns the function at a fidelity.
 *
 * @param z - from 0 to 1; 1 is the function without distortion
 * @param normal - n
 */
export function hartmannAt(
  { scales, centres }: Hartmann,
  { bias, noise }: Distortion,
  { x, z, normal }: { readonly x: readonly number[]; readonly z: number; readonly normal: number },
): number {
  let value = noise * (1 - z) * Math.abs(normal);
  HARTMANN_WEIGHTS.forEach((weight, i) => {
    const distance = x.reduce(
      (sum, coordinate, k) => sum + (scales[i]?.[k] as number) * (coordinate - (centres[i]?.[k] as number)) ** 2,
      0,
    );
    value -= (weight - bias * (1 - z)) * Math.exp(-distance);
  });
  return value;
}
