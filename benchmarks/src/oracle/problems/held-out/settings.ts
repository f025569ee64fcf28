// Settings of training programs, without noise: categories, ordered lists, steps and scales. The
// seed determines the minimiser.

import type { Random } from "@sintonia/tuning/random/random";
import type { SearchSpace } from "@sintonia/tuning/space/parameter";
import { coordinateOf } from "@sintonia/tuning/space/unit-cube";
import type { Problem } from "../definition/problem.js";
import { shuffled } from "../definition/shuffled.js";

const RECIPE = {
  optimizer: { type: "categorical", values: ["sgd", "momentum", "adam", "lion"] },
  size: { type: "categorical", values: ["tiny", "small", "medium", "large", "huge"], ordered: true },
  heads: { type: "integer", min: 2, max: 16, scale: "linear", step: 2 },
  dropout: { type: "double", min: 0, max: 0.7, scale: "linear", step: 0.05 },
  patch: { type: "categorical", values: [4, 8, 14, 16, 32] },
  mixing: { type: "boolean" },
} as const satisfies SearchSpace;

/**
 * Ordered and unordered lists, and steps; 24,000 points. The best size, heads and switch depend on
 * the optimizer.
 */
export function recipe(random: Random): Problem {
  const floors = shuffled([0, 0.1, 0.2, 0.4], random);
  const sizes = floors.map(() => random.integer(5));
  const heads = floors.map(() => 2 + 2 * random.integer(8));
  const mixings = shuffled([0, 0, 1, 1], random);
  const patch = random.integer(5);
  const dropout = 0.05 * random.integer(11);
  return {
    space: RECIPE,
    regret: (values) => {
      const o = RECIPE.optimizer.values.indexOf(values["optimizer"] as "sgd");
      const size = RECIPE.size.values.indexOf(values["size"] as "tiny") - (sizes[o] as number);
      const off = RECIPE.patch.values.indexOf(values["patch"] as 4) - patch;
      const wrong = values["mixing"] === (mixings[o] === 1) ? 0 : 0.15;
      const head = ((values["heads"] as number) - (heads[o] as number)) / 14;
      // Larger models have a larger best dropout rate.
      const drop = (values["dropout"] as number) - dropout - 0.05 * size;
      return (
        (floors[o] as number) + 0.05 * size * size + 0.03 * off * off + wrong + 0.3 * head * head + 2 * drop * drop
      );
    },
  };
}

const SCALES = {
  epsilon: { type: "double", min: 1e-12, max: 1e-2, scale: "log" },
  offset: { type: "double", min: -1e6, max: 1e6, scale: "linear" },
  horizon: { type: "double", min: 1, max: 1000, scale: "reverse-log" },
  buffer: { type: "integer", min: 1, max: 1_000_000, scale: "log", step: 1 },
  share: { type: "double", min: 0, max: 1e-9, scale: "linear" },
  idle: { type: "double", min: 1e-12, max: 1e6, scale: "log" },
} as const satisfies SearchSpace;

/**
 * A curved valley over ranges from 1e-12 to 1e6 on all scales, and one parameter without effect.
 * The objective is 1e-9 times the regret.
 */
export function scales(random: Random): Problem {
  const names = ["epsilon", "offset", "horizon", "buffer", "share"] as const;
  const best = names.map(() => 0.2 + 0.6 * random.uniform());
  const regret: Problem["regret"] = (values) => {
    const [a, b, c, d, e] = names.map(
      (name, i) => coordinateOf(SCALES[name], values[name] as number) - (best[i] as number),
    ) as [number, number, number, number, number];
    return 4 * (b - 1.5 * a * a - 0.5 * a) ** 2 + a * a + 2 * (c + d) ** 2 + 0.3 * (c - d) ** 2 + e * e;
  };
  return {
    space: SCALES,
    regret,
    outcome: (values) => ({ state: "completed", objective: 1e-9 * regret(values) }),
  };
}
