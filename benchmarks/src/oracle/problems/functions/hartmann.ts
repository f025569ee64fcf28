// The Hartmann functions on the unit cube (Surjanovic, Bingham, Virtual Library of Simulation
// Experiments).
//
//   f   -Σ_i α_i exp(-Σ_k A_ik (x_k - P_ik)²)

/** The constants of a Hartmann function. */
export interface Hartmann {
  /** A; a row for each bump. */
  readonly scales: readonly (readonly number[])[];
  /** P; a row for each bump. */
  readonly centres: readonly (readonly number[])[];
  readonly minimum: number;
}

/** α. */
export const HARTMANN_WEIGHTS = [1, 1.2, 3, 3.2];

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
  minimum: -3.862779787332449,
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
  minimum: -3.322368011415512,
};
