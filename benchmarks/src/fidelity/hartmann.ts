// Hartmann functions with fidelities: at low fidelity the weights of the bumps are biased, and
// noise is added. Kandasamy, Dasarathy, Schneider, Poczos, Multi-fidelity Bayesian optimisation
// with continuous approximations, 2017; bias, noise and logarithmic fidelity as in mf-prior-bench.
//
//   e   epoch, 1 to E
//   z   ln e / ln E, from 0 to 1
//   f   -Σ_i (α_i - bias (1 - z)) exp(-Σ_k A_ik (x_k - P_ik)²) + noise (1 - z) |n|,  n ~ N(0, 1)

/** The constants of a Hartmann function. */
export interface Hartmann {
  /** A; a row for each bump. */
  readonly scales: readonly (readonly number[])[];
  /** P; a row for each bump. */
  readonly centres: readonly (readonly number[])[];
  readonly minimum: number;
}

/** Distortion at fidelity 0. */
export interface Distortion {
  readonly bias: number;
  readonly noise: number;
}

const WEIGHTS = [1, 1.2, 3, 3.2];

export const HARTMANN_3: Hartmann = {
  scales: [
    [3, 10, 30],
    [0.1, 10, 35],
    [3, 10, 30],
    [0.1, 10, 35],
  ],
  centres: [
    [0.3689, 0.117, 0.2673],
    [0.4699, 0.4387, 0.747],
    [0.1091, 0.8732, 0.5547],
    [0.0381, 0.5743, 0.8828],
  ],
  minimum: -3.86278,
};

export const HARTMANN_6: Hartmann = {
  scales: [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ],
  centres: [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
  ],
  minimum: -3.32237,
};

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
  WEIGHTS.forEach((weight, i) => {
    const distance = x.reduce(
      (sum, coordinate, k) => sum + (scales[i]?.[k] as number) * (coordinate - (centres[i]?.[k] as number)) ** 2,
      0,
    );
    value -= (weight - bias * (1 - z)) * Math.exp(-distance);
  });
  return value;
}
