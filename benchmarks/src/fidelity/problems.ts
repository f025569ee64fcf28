// The problems of docs/oracle/fidelity.md. All are minimised.

import { createRandom, deriveSeed } from "@sintonia/tuning/random/random";
import type { ParameterValues, SearchSpace } from "@sintonia/tuning/space/parameter";
import { HARTMANN_3, HARTMANN_6, type Hartmann } from "../oracle/problems/functions/hartmann.js";
import { type Distortion, hartmannAt } from "./hartmann.js";
import { recordedDigits } from "./recorded/digits.js";

/** A function of values and epochs. */
export interface FidelityProblem {
  readonly description: string;
  readonly space: SearchSpace;
  readonly maxEpochs: number;
  /** Least true value. */
  readonly minimum: number;
  /** Returns what a training reports after an epoch, from 1, in the study of a seed. */
  valueAt(values: ParameterValues, epoch: number, seed: number): number;
  /** Returns the value of the whole training. */
  truth(values: ParameterValues): number;
}

const GOOD: Distortion = { bias: 2.5, noise: 2 };
const BAD: Distortion = { bias: 3.5, noise: 4 };
const HARTMANN_EPOCHS = 27;

/** Returns the problem of a name. */
export function fidelityProblem(name: string): FidelityProblem {
  const make = FIDELITY_PROBLEMS[name];
  if (make === undefined) throw new Error(`no problem ${name}; there are ${Object.keys(FIDELITY_PROBLEMS).join(", ")}`);
  return make();
}

/** The problems by name. */
export const FIDELITY_PROBLEMS: Readonly<Record<string, () => FidelityProblem>> = {
  "hartmann-3-good": () => hartmannProblem(HARTMANN_3, GOOD),
  "hartmann-3-bad": () => hartmannProblem(HARTMANN_3, BAD),
  "hartmann-6-good": () => hartmannProblem(HARTMANN_6, GOOD),
  "hartmann-6-bad": () => hartmannProblem(HARTMANN_6, BAD),
  digits: digitsProblem,
};

function hartmannProblem(hartmann: Hartmann, distortion: Distortion): FidelityProblem {
  const names = Object.keys(hartmann.scales[0] as readonly number[]).map((k) => `x${k}`);
  const space = Object.fromEntries(names.map((name) => [name, { type: "double", min: 0, max: 1, scale: "linear" }]));
  const pointOf = (values: ParameterValues) => names.map((name) => values[name] as number);
  const { bias, noise } = distortion;
  return {
    description: `MF-Hartmann ${names.length}, bias ${bias}, noise ${noise}`,
    space: space as SearchSpace,
    maxEpochs: HARTMANN_EPOCHS,
    minimum: hartmann.minimum,
    valueAt(values, epoch, seed) {
      const x = pointOf(values);
      const normal = createRandom(deriveSeed(seed, "hartmann", x.join(), epoch)).normal();
      return hartmannAt(hartmann, distortion, { x, z: Math.log(epoch) / Math.log(HARTMANN_EPOCHS), normal });
    },
    truth: (values) => hartmannAt(hartmann, distortion, { x: pointOf(values), z: 1, normal: 0 }),
  };
}

function digitsProblem(): FidelityProblem {
  const { set, nearest } = recordedDigits();
  const errorsOf = (values: ParameterValues): readonly number[] =>
    (nearest(values).objectives.at(-1) ?? []).map((accuracy) => 1 - accuracy);
  const known = new WeakMap<ParameterValues, readonly number[]>();
  const curve = (values: ParameterValues) => {
    const errors = known.get(values) ?? errorsOf(values);
    known.set(values, errors);
    return errors;
  };
  return {
    description: `validation error of the nearest of ${set.trials.length} recorded trials of digits-program`,
    space: set.space,
    maxEpochs: set.maxEpochs,
    minimum: Math.min(...set.trials.map(({ best }) => 1 - best)),
    valueAt: (values, epoch) => curve(values)[Math.min(epoch, curve(values).length) - 1] as number,
    truth: (values) => Math.min(...curve(values)),
  };
}
