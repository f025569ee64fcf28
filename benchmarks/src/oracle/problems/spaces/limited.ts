// Problems with constraints, or with trials that end without an objective.

import type { Random } from "@sintonia/tuning/random/random";
import { constraintsOf } from "@sintonia/tuning/space/constraint/parse";
import type { SearchSpace } from "@sintonia/tuning/space/parameter";
import type { Outcome, Problem } from "../definition/problem.js";
import { problemOf, type TestFunction } from "../definition/test-function.js";
import { FUNCTIONS } from "../functions/functions.js";

const UNIT = { type: "double", min: 0, max: 1, scale: "linear" } as const;

/** A rippled bowl whose minimiser lies on the plane of a linear constraint. */
export function budgeted(random: Random): Problem {
  const target = Array.from({ length: 4 }, () => 0.4 + 0.5 * random.uniform());
  const bottom = target.map((place) => place - 0.3);
  const limit = bottom.reduce((sum, place) => sum + place, 0);
  return {
    space: Object.fromEntries(target.map((_, i) => [`x${i}`, UNIT])),
    constraints: constraintsOf([`x0 + x1 + x2 + x3 <= ${limit}`]),
    regret: (values) => {
      const x = target.map((_, i) => values[`x${i}`] as number);
      const bowl = x.reduce((sum, xi, i) => sum + (xi - (target[i] as number)) ** 2, 0) - 4 * 0.3 ** 2;
      const ripple = x.reduce((sum, xi, i) => sum + 1 - Math.cos(4 * Math.PI * (xi - (bottom[i] as number))), 0);
      // Rounding at the plane may give a value slightly below 0.
      return Math.max(0, 10 * bowl + 0.5 * ripple);
    },
  };
}

const RATES: SearchSpace = {
  rate: { type: "double", min: 1e-5, max: 1, scale: "log" },
  momentum: { type: "double", min: 0, max: 1, scale: "linear" },
  clip: UNIT,
};

/** Half of the space diverges, and the best rate is just below the border. */
export function diverging(random: Random): Problem {
  const bestMomentum = 0.2 + 0.6 * random.uniform();
  const bestClip = 0.2 + 0.6 * random.uniform();
  const edge = (momentum: number, clip: number) => 0.6 - 0.3 * (momentum - 0.5) + 0.2 * (clip - 0.5);
  const regret: Problem["regret"] = (values) => {
    const [momentum, clip] = [values["momentum"] as number, values["clip"] as number];
    const below = edge(momentum, clip) - (1 + Math.log10(values["rate"] as number) / 5);
    return 1 - Math.exp(-(8 * (below - 0.05) ** 2 + (momentum - bestMomentum) ** 2 + (clip - bestClip) ** 2));
  };
  return {
    space: RATES,
    regret,
    outcome: (values) => {
      const place = 1 + Math.log10(values["rate"] as number) / 5;
      const isStable = place < edge(values["momentum"] as number, values["clip"] as number);
      return isStable ? { state: "completed", objective: regret(values) } : { state: "infeasible" };
    },
  };
}

/**
 * A bowl that is only feasible on a ball around a point beside its minimiser: less than a fifth of
 * the cube.
 */
export function island(random: Random): Problem {
  const bottom = Array.from({ length: 3 }, () => 0.2 + 0.6 * random.uniform());
  const middle = bottom.map((place) => place + 0.3 * (random.uniform() - 0.5));
  const space = Object.fromEntries(bottom.map((_, i) => [`x${i}`, UNIT]));
  const squareFrom = (point: readonly number[], values: Readonly<Record<string, unknown>>, weights = [1, 1, 1]) =>
    point.reduce((sum, x, i) => sum + (weights[i] as number) * ((values[`x${i}`] as number) - x) ** 2, 0);
  const regret: Problem["regret"] = (values) => 1 - Math.exp(-squareFrom(bottom, values, [4, 12, 40]));
  return {
    space,
    regret,
    outcome: (values) =>
      squareFrom(middle, values) < 0.35 ** 2
        ? { state: "completed", objective: regret(values) }
        : { state: "infeasible" },
  };
}

/** Hartmann's function of three parameters, shifted. A fifth of the trials fails at random. */
export function unlucky(random: Random): Problem {
  return shifted("hartmann3", random, (objective, trial) =>
    trial.uniform() < 0.2 ? { state: "failed" } : { state: "completed", objective },
  );
}

/** Branin's function, shifted. All trials in one corner fail. */
export function crashing(random: Random): Problem {
  const problem = shifted("branin", random);
  const side = random.integer(2);
  const isBad = (x: number, y: number) => (side === 0 ? x < 0 : x > 5) && y > 5;
  return {
    ...problem,
    outcome: (values) => {
      if (problem.regret(values) > 0.5 && isBad(values["x0"] as number, values["x1"] as number))
        return { state: "failed" };
      return { state: "completed", objective: problem.regret(values) };
    },
  };
}

/**
 * Hartmann's function of six parameters, shifted. Trials of its flat parts, two thirds of all
 * points, are pruned.
 */
export function pruned(random: Random): Problem {
  return shifted("hartmann6", random, (objective, trial) =>
    objective > 3.2
      ? { state: "pruned", objective: objective + 0.3 * Math.abs(trial.normal()) }
      : { state: "completed", objective },
  );
}

/**
 * Hartmann's function of three parameters, shifted. A tenth of the losses is 10,000 times the range
 * of the others.
 */
export function outliers(random: Random): Problem {
  return shifted("hartmann3", random, (objective, trial) => {
    const size = trial.uniform() < 0.1 ? 1e4 * (1 + trial.uniform()) : 0;
    return { state: "completed", objective: objective + size };
  });
}

/**
 * Returns a shifted function of the regret page.
 *
 * @param outcome - result of a trial by its regret
 */
function shifted(
  name: string,
  random: Random,
  outcome: (regret: number, random: Random) => Outcome = (objective) => ({ state: "completed", objective }),
): Problem {
  const { space, regret } = problemOf(FUNCTIONS[name] as TestFunction, random.integer(2 ** 32));
  return { space, regret, outcome: (values, trial) => outcome(regret(values), trial) };
}
