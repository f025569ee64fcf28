// Spaces of numerical and categorical parameters. The seed of a study determines the minimiser, so
// that no default and no centre is an advantage.

import type { Random } from "@sintonia/tuning/random/random";
import type { SearchSpace } from "@sintonia/tuning/space/parameter";
import type { Problem } from "../definition/problem.js";
import { shuffled } from "../definition/shuffled.js";
import type { TestFunction } from "../definition/test-function.js";
import { FUNCTIONS } from "../functions/functions.js";

const TRAINING_SPACE = {
  rate: { type: "double", min: 1e-5, max: 1, scale: "log" },
  momentum: { type: "double", min: 0, max: 0.99, scale: "linear" },
  width: { type: "integer", min: 16, max: 512, scale: "log", step: 1 },
  depth: { type: "integer", min: 1, max: 6, scale: "linear", step: 1 },
  activation: { type: "categorical", values: ["relu", "elu", "tanh", "sigmoid"] },
  normalized: { type: "boolean" },
} as const satisfies SearchSpace;

/**
 * A typical training loss. The best learning rate depends on all other parameters; the loss
 * increases steeply above it, and is flat far from it.
 */
export function training(random: Random): Problem {
  const best = {
    rate: -3.5 + 2 * random.uniform(),
    momentum: 0.2 + 0.7 * random.uniform(),
    width: Math.round(2 ** (5 + 3.5 * random.uniform())),
    depth: 1 + random.integer(6),
    normalized: random.integer(2) === 1,
  };
  const penalties = shuffled([0, 0.1, 0.3, 0.8], random);
  return {
    space: TRAINING_SPACE,
    regret: (values) => {
      const wider = Math.log2((values["width"] as number) / best.width);
      const normalization = values["normalized"] === best.normalized ? 0 : 1;
      const name = TRAINING_SPACE.activation.values.indexOf(values["activation"] as "relu");
      const penalty = penalties[name] as number;
      const off = Math.log10(values["rate"] as number) - best.rate - penalty + 0.3 * wider + 0.7 * normalization;
      const total =
        off * off * (off > 0 ? 1.5 : 0.4) +
        2 * ((values["momentum"] as number) - best.momentum) ** 2 +
        0.1 * wider ** 2 +
        0.1 * ((values["depth"] as number) - best.depth) ** 2 +
        0.2 * normalization +
        penalty;
      return 1 - Math.exp(-total);
    },
  };
}

/** Branin's function with another shift and offset for each of four names. */
export function namedHills(random: Random): Problem {
  const { value, minimum, domain } = FUNCTIONS["branin"] as TestFunction;
  const names = ["a", "b", "c", "d"] as const;
  const heights = shuffled([0, 1, 3, 10], random);
  const shifts = names.map(() => domain.map(([min, max]) => 0.4 * (max - min) * (random.uniform() - 0.5)));
  const [first, second] = domain as readonly [[number, number], [number, number]];
  return {
    space: {
      x: { type: "double", min: first[0], max: first[1], scale: "linear" },
      name: { type: "categorical", values: names },
      y: { type: "double", min: second[0], max: second[1], scale: "linear" },
    },
    regret: (values) => {
      const i = names.indexOf(values["name"] as "a");
      const [shiftX, shiftY] = shifts[i] as [number, number];
      const point = [(values["x"] as number) - shiftX, (values["y"] as number) - shiftY];
      return value(point) - minimum + (heights[i] as number);
    },
  };
}

const LATTICE = {
  batch: Array.from({ length: 21 }, (_, i) => 5 * i),
  share: Array.from({ length: 21 }, (_, i) => Number((i / 10).toFixed(1))),
  kernel: [1, 2, 4, 8, 16, 32, 64],
  units: Array.from({ length: 11 }, (_, i) => 2 ** i),
} as const;

/**
 * A rippled bowl over 33,957 points: integers and doubles in steps, powers of two, and an ordered
 * list.
 */
export function lattice(random: Random): Problem {
  const axes = Object.entries(LATTICE).map(([name, values]) => ({ name, values, best: random.integer(values.length) }));
  return {
    space: {
      batch: { type: "integer", min: 0, max: 100, scale: "linear", step: 5 },
      share: { type: "double", min: 0, max: 2, scale: "linear", step: 0.1 },
      kernel: { type: "categorical", values: LATTICE.kernel },
      units: { type: "integer", min: 1, max: 1024, scale: "log", step: 1, factor: 2 },
    },
    regret: (values) => {
      const offsets = axes.map((axis) => {
        const place = (axis.values as readonly number[]).indexOf(values[axis.name] as number);
        return (place - axis.best) / (axis.values.length - 1);
      });
      const bowl = offsets.reduce((sum, offset) => sum + offset * offset, 0);
      const ripple = offsets.reduce((sum, offset) => sum + 1 - Math.cos(6 * Math.PI * offset), 0);
      return 10 * bowl + 0.3 * ripple + 5 * ((offsets[0] as number) + (offsets[3] as number)) ** 2;
    },
  };
}

/**
 * Ackley's function of three numbers and five switches. A wrong switch counts as a coordinate of 1.
 */
export function switches(random: Random): Problem {
  const { value } = FUNCTIONS["ackley5"] as TestFunction;
  const places = Array.from({ length: 3 }, () => 1.6 * random.uniform() - 0.8);
  const positions = Array.from({ length: 5 }, () => random.integer(2) === 1);
  return {
    space: {
      ...Object.fromEntries(places.map((_, i) => [`x${i}`, { type: "double", min: -1, max: 1, scale: "linear" }])),
      ...Object.fromEntries(positions.map((_, i) => [`on${i}`, { type: "boolean" }])),
    },
    regret: (values) =>
      value([
        ...places.map((place, i) => (values[`x${i}`] as number) - place),
        ...positions.map((position, i) => (values[`on${i}`] === position ? 0 : 1)),
      ]),
  };
}

/** Five lists of four names; 1,024 points. Each name and each pair of names has an effect. */
export function names(random: Random): Problem {
  const effects = Array.from({ length: 5 }, () => Array.from({ length: 4 }, () => random.normal()));
  const pairs = Array.from({ length: 5 * 5 * 16 }, () => 0.4 * random.normal());
  const objective = (places: readonly number[]) => {
    let sum = 0;
    places.forEach((a, i) => {
      sum += effects[i]?.[a] as number;
      for (const [j, b] of places.entries()) if (j < i) sum += pairs[(i * 5 + j) * 16 + a * 4 + b] as number;
    });
    return sum;
  };
  const all = Array.from({ length: 4 ** 5 }, (_, n) => [0, 1, 2, 3, 4].map((i) => Math.floor(n / 4 ** i) % 4));
  const minimum = Math.min(...all.map(objective));
  const values = ["a", "b", "c", "d"];
  return {
    space: Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`c${i}`, { type: "categorical", values }])),
    regret: (chosen) => objective([0, 1, 2, 3, 4].map((i) => values.indexOf(chosen[`c${i}`] as string))) - minimum,
  };
}
