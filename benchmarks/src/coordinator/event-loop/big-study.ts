import { createRandom } from "@sintonia/tuning/random/random";
import type { SearchSpace } from "@sintonia/tuning/space/parameter";
import { sampleValues } from "@sintonia/tuning/space/sampling/sampling";

const SPACE: SearchSpace = {
  rate: { type: "double", min: 1e-5, max: 1, scale: "log" },
  first: { type: "integer", min: 16, max: 1024, scale: "log", step: 1 },
  second: { type: "integer", min: 16, max: 1024, scale: "log", step: 1 },
  stddev: { type: "double", min: 0.001, max: 1, scale: "log" },
  drop: { type: "double", min: 0, max: 0.7, scale: "linear" },
  rho: { type: "double", min: 0.8, max: 0.99, scale: "linear" },
};

export interface BigStudy {
  /** Number of warm-start observations. */
  readonly observations: number;
  readonly trials: number;
  readonly parallel: number;
}

/** Returns the spec, as JSON text, of a study of six parameters with a large warm start. */
export function bigStudySpec({ observations, trials, parallel }: BigStudy): string {
  const random = createRandom(1);
  const warmStart = Array.from({ length: observations }, () => {
    const values = sampleValues(SPACE, random);
    return { values, objective: objectiveOf(Object.values(values) as number[]) + 0.01 * random.normal() };
  });
  const initial = { type: "RandomNormal", stddev: "$stddev" };
  return JSON.stringify({
    name: "big",
    dataset: { name: "mnist", split: { train: [0, 100], validation: [100, 200] } },
    objective: { metric: "val_accuracy", goal: "maximize" },
    budget: { maxTrials: trials, parallelTrials: parallel },
    seed: 7,
    oracle: { type: "bayesian" },
    parameters: SPACE,
    warmStart,
    model: {
      layers: [
        { units: "$first", activation: "relu", kernelInitializer: initial },
        { type: "dropout", rate: "$drop" },
        { units: "$second", activation: "relu" },
        { units: 10, activation: "softmax" },
      ],
    },
    training: {
      optimizer: { type: "rmsprop", learningRate: "$rate", rho: "$rho" },
      loss: "categorical_crossentropy",
      batchSize: 32,
      maxEpochs: 100,
      callbacks: [],
    },
  });
}

/** Returns the value of an arbitrary smooth function. */
export function objectiveOf(values: readonly number[]): number {
  return values.reduce((sum, value, i) => sum + Math.sin(Math.log1p(Math.abs(value)) + i), 0) / values.length;
}
