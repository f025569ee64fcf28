// Problems whose trials often end without an objective, for the number of trials that a study
// loses.

import type { Random } from "@sintonia/tuning/random/random";
import type { ParameterValues, SearchSpace } from "@sintonia/tuning/space/parameter";
import type { Problem } from "../definition/problem.js";

const UNIT = { type: "double", min: 0, max: 1, scale: "linear" } as const;

const SERVER: SearchSpace = {
  dtype: { type: "categorical", values: ["fp16", "bf16"] },
  mode: { type: "categorical", values: ["off", "auto", "fp16", "fp8"] },
  batch: { type: "categorical", values: [64, 128, 256, 512, 1024, 2048, 4096] },
  tokens: { type: "categorical", values: [512, 1024, 2048, 4096, 8192] },
  flag: { type: "boolean" },
};

/** Settings of a model server, 560 points. A simple rule makes 27 % of them infeasible. */
export function server(): Problem {
  const speed = (values: ParameterValues) =>
    Number(values["batch"]) / 4096 + Number(values["tokens"]) / 8192 + (values["mode"] === "fp8" ? 1 : 0);
  const isInfeasible = (values: ParameterValues) =>
    Number(values["batch"]) > Number(values["tokens"]) || (values["dtype"] === "fp16" && values["mode"] === "fp8");
  return {
    goal: "maximize",
    space: SERVER,
    regret: (values) => 3 - speed(values),
    outcome: (values) =>
      isInfeasible(values) ? { state: "infeasible" } : { state: "completed", objective: speed(values) },
  };
}

/** Half of a cube of four parameters is infeasible, and the minimum lies on the border. */
export function edge(random: Random): Problem {
  const normal = Array.from({ length: 4 }, () => random.normal());
  const length = Math.hypot(...normal);
  const minimiser = normal.map(() => 0.3 + 0.4 * random.uniform());
  const offsets = (values: ParameterValues) => minimiser.map((place, i) => Number(values[`x${i}`]) - place);
  const beyond = (values: ParameterValues) =>
    offsets(values).reduce((sum, offset, i) => sum + (offset * (normal[i] as number)) / length, 0);
  const value = (values: ParameterValues) =>
    offsets(values).reduce((sum, offset) => sum + offset * offset, 0) - 0.5 * beyond(values);
  return {
    space: Object.fromEntries(minimiser.map((_, i) => [`x${i}`, UNIT])),
    // Points beyond the border have no regret.
    regret: (values) => Math.max(0, value(values)),
    outcome: (values) =>
      beyond(values) > 0 ? { state: "infeasible" } : { state: "completed", objective: value(values) },
  };
}
