// Median simple regret of the best other sampler after 30, 50 and 100 trials, on unshifted
// functions. Measured once with the samplers' own code and defaults: Optuna 4.9.0 (GPSampler,
// TPESampler), Optuna 5.0.0rc1 (GPSampler), KerasTuner 1.4.7's settings on scikit-learn 1.2, and
// random search. 13 seeds (8 for Optuna 4.9 with eight parallel trials, 5 to 6 for KerasTuner).

type ByCount = readonly [at30: number, at50: number, at100: number];

export const PEER_COUNTS = [30, 50, 100] as const;

/** Sequential trials. */
export const PEERS_SEQUENTIAL: Readonly<Record<string, ByCount>> = {
  branin: [8.6e-3, 3.7e-5, 1.5e-5],
  hartmann3: [7.4e-5, 3.4e-5, 1.3e-5],
  hartmann6: [0.11, 2.9e-3, 4.5e-4],
  ackley5: [8.8, 6.2, 5.3],
  rosenbrock4: [520, 260, 14],
  levy4: [1, 0.58, 0.15],
  rastrigin4: [31, 24, 16],
};

/** Eight parallel trials with log-normal(0, 0.5) durations, counted by completed trials. */
export const PEERS_PARALLEL: Readonly<Record<string, ByCount>> = {
  branin: [0.13, 6.5e-4, 2.9e-5],
  hartmann3: [0.021, 7.5e-5, 1.1e-5],
  hartmann6: [1.3, 0.24, 0.12],
  ackley5: [15, 8.8, 5.5],
  rosenbrock4: [2400, 810, 180],
  levy4: [2.2, 1.2, 0.37],
  rastrigin4: [33, 28, 20],
};

/**
 * Sequential trials of shifted functions with the noise of `noise-section.ts`: true regret of the
 * trial with the best measured value, 15 seeds. Optuna 5.0.0 with its defaults; GPSampler (on
 * PyTorch 2.13) where measured.
 */
export const PEERS_NOISY: Readonly<Record<string, Readonly<Record<string, ByCount>>>> = {
  branin: { TPE: [1.59, 0.97, 0.428], GP: [0.3, 0.43, 0.43] },
  hartmann3: { TPE: [0.115, 0.0614, 0.0355], GP: [0.0542, 0.0353, 0.0408] },
  hartmann6: { TPE: [0.938, 0.403, 0.27] },
  ackley5: { TPE: [15.0, 10.9, 6.28] },
  rosenbrock4: { TPE: [495.0, 157.0, 15.4] },
  levy4: { TPE: [2.27, 1.16, 0.677] },
  rastrigin4: { TPE: [27.6, 22.5, 13.7] },
};
