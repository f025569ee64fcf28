// Spaces with conditional parameters. The seed of the study determines the minimiser.

import type { Random } from "@sintonia/tuning/random/random";
import type { ParameterValues, SearchSpace } from "@sintonia/tuning/space/parameter";
import { coordinateOf, snap } from "@sintonia/tuning/space/unit-cube";
import type { Problem } from "../definition/problem.js";
import { shuffled } from "../definition/shuffled.js";

const LEARNERS: SearchSpace = {
  learner: { type: "categorical", values: ["vectors", "forest", "boosting", "network"] },
  penalty: { type: "double", min: 1e-3, max: 1e3, scale: "log", when: { learner: ["vectors"] } },
  kernel: { type: "categorical", values: ["linear", "radial"], when: { learner: ["vectors"] } },
  gamma: { type: "double", min: 1e-4, max: 10, scale: "log", when: { kernel: ["radial"] } },
  trees: { type: "integer", min: 10, max: 500, scale: "log", step: 1, when: { learner: ["forest"] } },
  depth: { type: "integer", min: 2, max: 32, scale: "linear", step: 1, when: { learner: ["forest"] } },
  shrinkage: { type: "double", min: 1e-3, max: 1, scale: "log", when: { learner: ["boosting"] } },
  rounds: { type: "integer", min: 10, max: 1000, scale: "log", step: 1, when: { learner: ["boosting"] } },
  leaves: { type: "integer", min: 4, max: 256, scale: "log", step: 1, when: { learner: ["boosting"] } },
  units: { type: "integer", min: 8, max: 512, scale: "log", step: 1, when: { learner: ["network"] } },
  rate: { type: "double", min: 1e-5, max: 0.1, scale: "log", when: { learner: ["network"] } },
  optimizer: { type: "categorical", values: ["sgd", "adam"], when: { learner: ["network"] } },
  momentum: { type: "double", min: 0, max: 0.99, scale: "linear", when: { optimizer: ["sgd"] } },
};

/**
 * Depth of the dip around the best settings of each learner, and its width in units of a
 * parameter's range.
 */
const DIP = { depth: 0.4, width: 0.3 };

/**
 * Four learners with two to four conditional parameters each; two learners have a nested condition.
 */
export function learners(random: Random): Problem {
  const floors = shuffled([0, 0.05, 0.1, 0.15], random);
  const names = Object.keys(LEARNERS).slice(1);
  const best = Object.fromEntries(names.map((name) => [name, 0.1 + 0.8 * random.uniform()]));
  const nominal = Object.fromEntries(["kernel", "optimizer"].map((name) => [name, random.integer(2)]));
  return {
    space: LEARNERS,
    regret: (values) => {
      const learner = ["vectors", "forest", "boosting", "network"].indexOf(values["learner"] as string);
      const square = names.reduce((sum, name) => sum + squareOff(LEARNERS, { name, values, best, nominal }), 0);
      return (floors[learner] as number) + DIP.depth * (1 - Math.exp(-square / (2 * DIP.width ** 2)));
    },
  };
}

const LAYERED: SearchSpace = {
  layers: { type: "integer", min: 1, max: 3, scale: "linear", step: 1 },
  units1: { type: "integer", min: 8, max: 256, scale: "log", step: 1 },
  units2: { type: "integer", min: 8, max: 256, scale: "log", step: 1, when: { layers: [2, 3] } },
  units3: { type: "integer", min: 8, max: 256, scale: "log", step: 1, when: { layers: [3] } },
  dropout: { type: "double", min: 0, max: 0.8, scale: "linear" },
  rate: { type: "double", min: 1e-5, max: 0.1, scale: "log" },
};

/**
 * A network of one to three layers with separate sizes. The best learning rate decreases with the
 * number of layers.
 */
export function layers(random: Random): Problem {
  const names = ["units1", "units2", "units3", "dropout"];
  const best = Object.fromEntries(names.map((name) => [name, 0.15 + 0.7 * random.uniform()]));
  const bestLayers = 1 + random.integer(3);
  const bestRate = 0.3 + 0.5 * random.uniform();
  return {
    space: LAYERED,
    regret: (values) => {
      const square = names.reduce((sum, name) => sum + squareOff(LAYERED, { name, values, best, nominal: {} }), 0);
      const excess = (values["layers"] as number) - bestLayers;
      const rate = coordinateOf(LAYERED["rate"] as SearchSpace[string], values["rate"] as number);
      const off = rate - bestRate + 0.1 * excess;
      return 1 - Math.exp(-(square + 4 * off * off + 0.15 * excess * excess) / 0.3);
    },
  };
}

interface Setting {
  readonly name: string;
  readonly values: ParameterValues;
  /** Coordinate of the best value, by parameter. */
  readonly best: Readonly<Record<string, number>>;
  /** Index of the best name, by categorical parameter. */
  readonly nominal: Readonly<Record<string, number>>;
}

/**
 * Returns the squared distance from the best value in units of the range; 0 for an inactive
 * parameter. The best value is snapped to a valid one, so that a trial can reach it.
 */
function squareOff(space: SearchSpace, { name, values, best, nominal }: Setting): number {
  const parameter = space[name] as SearchSpace[string];
  const value = values[name];
  if (value === undefined) return 0;
  if (parameter.type === "categorical") return parameter.values.indexOf(value) === nominal[name] ? 0 : 0.05;
  const off = coordinateOf(parameter, value) - snap(parameter, best[name] as number);
  return off * off;
}
