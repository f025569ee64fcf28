// Problems with noisy objectives. The benchmark reports the true regret of the chosen trial.

import type { Random } from "@sintonia/tuning/random/random";
import type { ParameterValues, SearchSpace } from "@sintonia/tuning/space/parameter";
import { coordinateOf } from "@sintonia/tuning/space/unit-cube";
import type { Problem } from "../definition/problem.js";
import { shuffled } from "../definition/shuffled.js";

const RIDGE: SearchSpace = {
  rate: { type: "double", min: 1e-6, max: 1, scale: "log" },
  batch: { type: "integer", min: 8, max: 1024, scale: "log", factor: 2, step: 1 },
  decay: { type: "double", min: 1e-8, max: 0.1, scale: "log" },
  warmup: { type: "integer", min: 0, max: 5000, scale: "linear", step: 250 },
};

/**
 * A narrow ridge: the best learning rate depends on the batch size, and the loss is flat elsewhere.
 * Noise 0.02.
 */
export function ridge(random: Random): Problem {
  const best = { rate: -3.5 + 2 * random.uniform(), batch: 4 + random.integer(6), decay: -5 + 2 * random.uniform() };
  const warmup = 250 * (2 + random.integer(16));
  return noisy({
    space: RIDGE,
    regret: (values) => {
      const larger = Math.log2(values["batch"] as number) - best.batch;
      const rate = Math.log10(values["rate"] as number) - best.rate;
      const across = rate - 0.25 * larger;
      const decay = Math.log10(values["decay"] as number) - best.decay + 0.5 * rate;
      const early = ((values["warmup"] as number) - warmup) / 5000;
      const total = 3 * across ** 2 + 0.03 * larger ** 2 + 0.05 * decay ** 2 + 0.3 * early ** 2;
      return (2.3 * total) / (1 + total);
    },
    noise: () => 0.02,
  });
}

const BLOCKS = {
  rate: { type: "double", min: 1e-5, max: 0.1, scale: "log" },
  augment: { type: "boolean" },
  change: { type: "categorical", values: ["crop", "mix", "erase"], when: { augment: [true] } },
  strength: { type: "double", min: 0, max: 1, scale: "linear", when: { augment: [true] } },
  alpha: { type: "double", min: 0.01, max: 10, scale: "log", when: { change: ["mix"] } },
  schedule: { type: "boolean" },
  curve: { type: "categorical", values: ["cosine", "steps", "linear"], when: { schedule: [true] } },
  period: { type: "integer", min: 1, max: 50, scale: "linear", step: 1, when: { curve: ["cosine"] } },
  drop: { type: "double", min: 0.01, max: 0.9, scale: "log", when: { curve: ["steps"] } },
} as const satisfies SearchSpace;

/**
 * Two switches, each with a conditional list and conditional parameters of one name of the list. A
 * switch may be better off. Noise 0.03.
 */
export function blocks(random: Random): Problem {
  const changes = shuffled([0, 0.1, 0.25], random);
  const curves = shuffled([0, 0.1, 0.25], random);
  const floors = [shuffled([0, 0.3], random), shuffled([0, 0.3], random)] as const;
  const best = {
    rate: 0.2 + 0.6 * random.uniform(),
    strength: 0.1 + 0.8 * random.uniform(),
    own: 0.2 + 0.6 * random.uniform(),
  };
  const square = (name: keyof typeof BLOCKS, values: ParameterValues, place: number) => {
    const value = values[name];
    return value === undefined ? 0 : (coordinateOf(BLOCKS[name], value) - place) ** 2;
  };
  const period = coordinateOf(BLOCKS.period, 1 + random.integer(50));
  return noisy({
    space: BLOCKS,
    regret: (values) => {
      const change = changes[BLOCKS.change.values.indexOf(values["change"] as "mix")] ?? 0;
      const curve = curves[BLOCKS.curve.values.indexOf(values["curve"] as "steps")] ?? 0;
      const switches =
        (floors[0][Number(values["augment"])] as number) + (floors[1][Number(values["schedule"])] as number);
      const inner =
        square("alpha", values, best.own) + square("drop", values, best.own) + square("period", values, period);
      const outer = 3 * square("rate", values, best.rate) + square("strength", values, best.strength);
      return switches + change + curve + outer + 0.5 * inner;
    },
    noise: () => 0.03,
  });
}

const ACCURACY = {
  rate: { type: "double", min: 1e-5, max: 1, scale: "log" },
  momentum: { type: "double", min: 0.5, max: 0.999, scale: "linear" },
  layers: { type: "integer", min: 1, max: 5, scale: "linear", step: 1 },
  units: { type: "integer", min: 16, max: 1024, scale: "log", step: 16 },
  dropout: { type: "double", min: 0, max: 0.8, scale: "linear", step: 0.1 },
} as const satisfies SearchSpace;

/**
 * A test accuracy of 1,000 examples, to be maximised: steps of 1/1000; noise of at least 0.004,
 * more at low accuracies.
 */
export function accuracy(random: Random): Problem {
  const best = {
    rate: 0.3 + 0.4 * random.uniform(),
    layers: 1 + random.integer(5),
    units: 16 * (2 + random.integer(40)),
  };
  const dropout = random.integer(7) / 10;
  const units = coordinateOf(ACCURACY.units, best.units);
  const regret: Problem["regret"] = (values) => {
    const momentum = (0.9 - (values["momentum"] as number)) ** 2;
    const rate = coordinateOf(ACCURACY.rate, values["rate"] as number) - best.rate + 0.4 * (momentum - 0.05);
    const wider = coordinateOf(ACCURACY.units, values["units"] as number) - units;
    const deeper = (values["layers"] as number) - best.layers;
    const drop = (values["dropout"] as number) - dropout - 0.2 * wider;
    const bowl = 6 * (rate + 0.02) ** 2 + 0.4 * wider ** 2 + 0.02 * deeper ** 2 + 0.4 * drop ** 2 + momentum;
    return 0.8 * (1 - Math.exp(-1.5 * bowl));
  };
  return {
    goal: "maximize",
    isNoisy: true,
    space: ACCURACY,
    regret,
    outcome: (values, random) => {
      const share = 0.98 - regret(values);
      const measured = share + Math.sqrt((share * (1 - share)) / 1000) * random.normal();
      return { state: "completed", objective: Math.round(1000 * Math.min(1, measured)) / 1000 };
    },
  };
}

/** A curved valley whose noise increases along it from 0.01 to 0.5. */
export function uneven(random: Random): Problem {
  const best = [0.2 + 0.6 * random.uniform(), 0.2 + 0.6 * random.uniform(), 0.2 + 0.6 * random.uniform()] as const;
  return noisy({
    space: Object.fromEntries(
      ["x0", "x1", "x2"].map((name) => [name, { type: "double", min: 0, max: 1, scale: "linear" }]),
    ),
    regret: (values) => {
      const [x, y, z] = best.map((place, i) => (values[`x${i}`] as number) - place) as [number, number, number];
      return 2 * x * x + 8 * (y - x * x - 0.3 * x) ** 2 + 3 * z * z;
    },
    noise: (values) => 0.01 * 50 ** (values["x0"] as number),
  });
}

/** Twelve parameters, of which three have an effect and interact. Noise of 1/40 of the range. */
export function sparse12(random: Random): Problem {
  const places = shuffled([...new Array(12).keys()], random).slice(0, 3);
  const best = places.map(() => 0.15 + 0.7 * random.uniform());
  return noisy({
    space: Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`p${i}`, { type: "double", min: -1, max: 1, scale: "linear" }]),
    ),
    regret: (values) => {
      const [a, b, c] = places.map((i, k) => ((values[`p${i}`] as number) + 1) / 2 - (best[k] as number)) as [
        number,
        number,
        number,
      ];
      return 3 * a * a + 4 * (b + a) ** 2 + 3 * (c - 0.5 * b) ** 2 + 0.2 * (1 - Math.cos(9 * a));
    },
    noise: () => 0.1,
  });
}

/** Returns a problem to minimise with normal noise. */
function noisy({
  space,
  regret,
  noise,
}: Pick<Problem, "space" | "regret"> & { noise: (values: ParameterValues) => number }): Problem {
  return {
    isNoisy: true,
    space,
    regret,
    outcome: (values, random) => ({ state: "completed", objective: regret(values) + noise(values) * random.normal() }),
  };
}
