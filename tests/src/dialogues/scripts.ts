// Scripts of the recorded dialogues: all kinds of spaces, each oracle, all end states of trials,
// noise, parallel trials.

import type { ParameterValues } from "@sintonia/tuning/space/parameter";

/** The result of a trial: the fields of a `tell` line without the id. */
export interface TrialEnd {
  readonly value?: number;
  readonly outcomes?: Readonly<Record<string, number>>;
  /** Of `value`, or of outcomes by name. */
  readonly noise?: number | Readonly<Record<string, number>>;
  readonly state?: "failed" | "infeasible" | "pruned";
}

export interface Script {
  readonly name: string;
  readonly spec: { readonly parameters: Readonly<Record<string, object>>; readonly [key: string]: unknown };
  /** Number of rounds of asking and reporting. */
  readonly rounds: number;
  /** Number of trials of one round. @default 1 */
  readonly parallel?: number;
  /** Returns the result of trial `number`. */
  readonly end: (values: ParameterValues, number: number) => TrialEnd;
  /** Returns the values of a trial's epochs, which are reported before its end. @default none */
  readonly epochs?: (values: ParameterValues, number: number) => readonly number[];
  /** Lines before the first question. @default none */
  readonly first?: readonly string[];
}

const unit = { type: "double", min: 0, max: 1 };
const rate = { type: "double", min: 1e-5, max: 1e-1, scale: "log" };
const seed = 7;

/**
 * Returns the squared distance to a point that depends on the parameter names. Texts and booleans
 * have the value of their length.
 */
function bowl(values: ParameterValues): number {
  return Object.entries(values).reduce((sum, [name, value], i) => {
    const number = typeof value === "number" ? value : String(value).length / 8;
    const scaled = name === "rate" ? Math.log10(number) / 5 + 1 : number / (1 + Math.abs(number));
    return sum + (scaled - 0.3 - 0.07 * i) ** 2;
  }, 0);
}

/** Returns the value of a rippled bowl. */
function rippled(values: ParameterValues): number {
  const numbers = Object.values(values).map(Number);
  return bowl(values) + 0.05 * numbers.reduce((sum, x) => sum + 1 - Math.cos(12 * x), 0);
}

/** Returns noise in [-1, 1] from the bits of a trial's number. */
function jitter(number: number): number {
  return (((number * 7919 + 13) % 101) - 50) / 50;
}

/** Returns ten epochs of a curve that falls towards the value of the bowl. */
function curve(values: ParameterValues, number: number): readonly number[] {
  return Array.from({ length: 10 }, (_, i) => bowl(values) + (1 + 0.2 * jitter(number + i)) / (i + 2));
}

const value = (values: ParameterValues): TrialEnd => ({ value: bowl(values) });

/** All recorded dialogues. */
export const SCRIPTS: readonly Script[] = [
  { name: "line", spec: { parameters: { x: unit }, seed }, rounds: 20, end: (v) => ({ value: rippled(v) }) },
  {
    name: "log-and-integer",
    spec: { parameters: { rate, units: { type: "integer", min: 16, max: 512, scale: "log", step: 16 } }, seed },
    rounds: 25,
    end: value,
  },
  {
    name: "mixed-maximize",
    spec: {
      parameters: {
        rate,
        kind: { type: "categorical", values: ["relu", "tanh", "linear"] },
        bias: { type: "boolean" },
        deep: { type: "integer", min: 1, max: 4 },
      },
      objective: { goal: "maximize", metric: "val_accuracy" },
      seed,
    },
    rounds: 30,
    end: (v) => ({ value: 1 - bowl(v) }),
  },
  {
    name: "conditions",
    spec: {
      parameters: {
        learner: { type: "categorical", values: ["sgd", "adam", "network"] },
        momentum: { type: "double", min: 0, max: 0.99, when: { learner: "sgd" } },
        nesterov: { type: "boolean", when: { learner: "sgd" } },
        rate: { ...rate, when: { learner: ["adam", "network"] } },
        units: { type: "integer", min: 8, max: 256, scale: "log", when: { learner: "network" } },
        always: { type: "fixed", value: 3 },
      },
      seed,
    },
    rounds: 30,
    end: value,
  },
  {
    name: "constraints",
    spec: {
      parameters: { low: unit, high: unit, width: { type: "integer", min: 1, max: 8 } },
      constraints: ["low <= high", "8*high + width <= 10"],
      seed,
    },
    rounds: 30,
    end: value,
  },
  {
    name: "infeasible-regions",
    spec: { parameters: { x: unit, y: unit, z: unit }, seed },
    rounds: 30,
    end: (v, n) => {
      if (Number(v["x"]) > 0.7) return { state: "infeasible" };
      return n % 9 === 4 ? { state: "failed" } : { value: rippled(v) };
    },
  },
  {
    name: "pruned-trials",
    spec: { parameters: { rate, x: unit }, seed },
    rounds: 30,
    end: (v, n) => (bowl(v) > 0.3 ? { state: "pruned", ...(n % 2 === 0 ? { value: 2 * bowl(v) } : {}) } : value(v)),
  },
  {
    name: "pruner-median",
    spec: { parameters: { rate, x: unit }, pruner: "median", training: { maxEpochs: 10 }, seed },
    rounds: 12,
    parallel: 2,
    epochs: curve,
    end: (v, n) => ({ value: Math.min(...curve(v, n)) }),
  },
  {
    name: "pruner-asha",
    spec: {
      parameters: { rate, x: unit },
      objective: { goal: "minimize", metric: "loss" },
      pruner: { type: "asha", reductionFactor: 3 },
      training: { maxEpochs: 10 },
      seed,
    },
    rounds: 12,
    parallel: 3,
    epochs: curve,
    end: (v, n) => ({ value: Math.min(...curve(v, n)) }),
  },
  {
    name: "results-before-the-end",
    spec: {
      parameters: { rate, x: unit },
      oracle: { type: "bayesian", fidelity: "epochs" },
      pruner: "curve",
      training: { maxEpochs: 10 },
      seed,
    },
    rounds: 12,
    parallel: 2,
    epochs: curve,
    end: (v, n) => ({ value: Math.min(...curve(v, n)) }),
  },
  {
    name: "stated-noise",
    spec: { parameters: { x: unit, y: unit }, seed },
    rounds: 25,
    end: (v, n) => ({ value: bowl(v) + 0.05 * jitter(n), noise: 0.03 }),
  },
  {
    name: "noise-not-stated",
    spec: { parameters: { x: unit, rate }, objective: { goal: "maximize" }, seed },
    rounds: 40,
    end: (v, n) => ({ value: 0.98 - 0.02 * bowl(v) + 0.001 * jitter(n) }),
  },
  {
    name: "steps-and-factors",
    spec: {
      parameters: {
        batch: { type: "integer", min: 16, max: 1024, scale: "log", factor: 2 },
        dropout: { type: "double", min: 0, max: 0.5, step: 0.05 },
        decay: { type: "double", min: 0.9, max: 0.999, scale: "reverse-log" },
      },
      seed,
    },
    rounds: 25,
    end: value,
  },
  {
    name: "defaults-enqueue-warm-start",
    spec: {
      parameters: { rate: { ...rate, default: 1e-3 }, x: { ...unit, default: 0.5 } },
      enqueue: [{ rate: 0.01, x: 0.25 }],
      warmStart: [
        { values: { rate: 0.002, x: 0.1 }, objective: 0.4 },
        { values: { rate: 0.02, x: 0.9 }, objective: 0.7 },
        { values: { rate: 0.0002, x: 0.6 }, objective: 0.3 },
      ],
      seed,
    },
    rounds: 20,
    end: value,
  },
  {
    name: "eight-at-once",
    spec: { parameters: { x: unit, y: unit, z: unit, rate }, seed },
    rounds: 6,
    parallel: 8,
    end: (v) => ({ value: rippled(v) }),
  },
  {
    name: "six-parameters",
    spec: { parameters: { a: unit, b: unit, c: unit, d: unit, e: unit, f: unit }, seed },
    rounds: 90,
    end: (v) => ({ value: rippled(v) }),
  },
  {
    name: "diverged-trials",
    spec: { parameters: { x: unit, y: unit }, seed },
    rounds: 30,
    end: (v, n) => ({ value: n % 7 === 3 ? 1e10 * (1 + bowl(v)) : rippled(v) }),
  },
  {
    name: "values-of-its-own",
    spec: { parameters: { x: unit, kind: { type: "categorical", values: [1, 2.5, 4] } }, seed },
    first: [
      '{"tell": {"values": {"x": 0.2, "kind": 2.5}, "value": 0.5}}',
      '{"tell": {"values": {"x": 0.9, "kind": 4}, "value": -0.5}}',
      '{"tell": {"values": {"x": 0.4, "kind": 1}, "state": "infeasible"}}',
    ],
    rounds: 20,
    parallel: 2,
    end: value,
  },
  {
    name: "equal-and-huge-values",
    spec: { parameters: { x: unit, y: unit }, seed },
    rounds: 20,
    end: (v, n) => ({ value: n % 3 === 0 ? 0 : 1e200 * Math.round(4 * bowl(v)) }),
  },
  {
    name: "random",
    spec: { parameters: { x: unit, rate, bias: { type: "boolean" } }, oracle: { type: "random" }, seed },
    rounds: 10,
    end: value,
  },
  {
    name: "quasi-random",
    spec: { parameters: { x: unit, rate, y: unit }, oracle: { type: "quasi-random" }, seed },
    rounds: 12,
    end: value,
  },
  {
    name: "grid-to-its-end",
    spec: {
      parameters: { n: { type: "integer", min: 1, max: 3 }, kind: { type: "categorical", values: ["a", "b"] } },
      oracle: { type: "grid" },
      seed,
    },
    rounds: 7,
    end: value,
  },
  {
    name: "keras-tuner",
    spec: { parameters: { stddev: { type: "double", min: 0.01, max: 0.1 } }, oracle: { type: "keras-tuner" }, seed },
    rounds: 12,
    end: (v) => ({ value: (Number(v["stddev"]) - 0.06) ** 2 }),
  },
  {
    name: "keras-tuner-faithful",
    spec: {
      parameters: { rate, units: { type: "integer", min: 32, max: 256, step: 32 } },
      oracle: { type: "keras-tuner", faithful: true },
      objective: { goal: "maximize" },
      seed,
    },
    rounds: 12,
    end: (v) => ({ value: 1 - bowl(v) }),
  },
  {
    name: "two-objectives-with-limits",
    spec: {
      parameters: { rate, units: { type: "integer", min: 8, max: 256, scale: "log" } },
      objectives: [{ metric: "loss" }, { metric: "accuracy", goal: "maximize" }],
      limits: ["size <= 100", "accuracy >= 0.2"],
      seed,
    },
    rounds: 20,
    end: (v) => ({ outcomes: { loss: bowl(v), accuracy: 1 - rippled(v), size: Number(v["units"]) } }),
  },
  {
    name: "three-noisy-objectives-in-parallel",
    spec: {
      parameters: { x: unit, y: unit, kind: { type: "categorical", values: ["a", "b"] } },
      objectives: [{ metric: "a" }, { metric: "b" }, { metric: "c" }],
      pick: { weights: { a: 1, b: 2, c: 1 } },
      seed,
    },
    rounds: 8,
    parallel: 3,
    end(v, number) {
      if (number % 7 === 3) return { state: "failed" };
      const [x, y] = [Number(v["x"]), Number(v["y"])];
      const outcomes = { a: x + 0.1 * jitter(number), b: 1 - x + y * y, c: 1 - y + (v["kind"] === "a" ? 0.3 : 0) };
      return { outcomes, noise: { a: 0.1 } };
    },
  },
];
