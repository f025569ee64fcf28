import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Activation, DenseLayer, Layer, LossPlan, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../../../dataset/examples.js";
import { modelShape, sizeOf } from "../../../model/model-shape.js";
import type { ModelWeights } from "../../../model/tensor.js";
import { freshState } from "../../contract/engine.js";
import { denseLayer, planOf, seededExamples, seededValues } from "../../contract/problem.fixture.js";
import { startEngine } from "../../engines.js";

// One step of gradient descent with rate 1 changes each weight by the gradient. The reference is
// the central difference of the loss that training reports, in float32: h = 1/64 leaves about h^2
// of a third derivative and 1e-7 / h of rounding.
const H = 1 / 64;
const TOLERANCE = 2e-3;

const FEATURES = 4;
const CLASSES = 3;
const EXAMPLES = seededExamples({ count: 8, features: FEATURES, classes: CLASSES });
const ROWS = Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7);

const NORMALIZATION: Layer = { type: "BatchNormalization", momentum: 0.9, epsilon: 1e-3, center: true, scale: true };
const OUTPUT = denseLayer(CLASSES, "softmax");

const TWO_CLASSES = seededExamples({ count: 8, features: FEATURES, classes: 2 });
const VALUES = seededValues({ count: 8, features: FEATURES, width: CLASSES });
/** Weights with mean 1. */
const WEIGHTS = Float32Array.of(0, 0.5, 1, 1.5, 2, 0.5, 1, 1.5);

const engine = await startEngine("tfjs");

describe("the gradient of tfjs", () => {
  const dense = denseLayer(5, "tanh");
  const cases: Readonly<Record<string, readonly Layer[]>> = {
    "softmax inside the network": [dense, denseLayer(4, "softmax"), OUTPUT],
    "a dense layer without bias": [{ ...dense, useBias: false }, OUTPUT],
    dropout: [dense, { type: "Dropout", rate: 0.4 }, OUTPUT],
    "dropout of the features": [{ type: "Dropout", rate: 0.4 }, dense, OUTPUT],
    "batch normalization": [dense, NORMALIZATION, denseLayer(4, "tanh"), NORMALIZATION, OUTPUT],
    "batch normalization of the features": [NORMALIZATION, dense, OUTPUT],
    "batch normalization without gamma": [dense, { ...NORMALIZATION, scale: false }, OUTPUT],
    "batch normalization without beta": [dense, { ...NORMALIZATION, center: false }, OUTPUT],
    "penalties of kernels": [regularized(dense, 0.02, 0.03), regularized(OUTPUT, 0, 0.05)],
  };
  for (const [what, layers] of Object.entries(cases)) {
    it(`is the slope of the loss through ${what}`, () => check(layers));
  }

  const losses: readonly (readonly [LossPlan["type"], number, Activation])[] = [
    ["categorical_crossentropy", 0.2, "softmax"],
    ["sparse_categorical_crossentropy", 0, "softmax"],
    ["binary_crossentropy", 0, "sigmoid"],
    ["binary_crossentropy", 0.2, "sigmoid"],
    ["mean_squared_error", 0, "softmax"],
    ["mean_squared_error", 0, "linear"],
    ["mean_absolute_error", 0, "softmax"],
    ["mean_absolute_error", 0, "sigmoid"],
    ["huber", 0, "tanh"],
  ];
  const forms: Readonly<Record<string, readonly [DenseLayer, LossPlan["type"], Examples]>> = {
    "weighted classes": [OUTPUT, "categorical_crossentropy", { ...EXAMPLES, weights: WEIGHTS }],
    values: [denseLayer(CLASSES, "linear"), "mean_squared_error", VALUES],
    "weighted values": [denseLayer(CLASSES, "linear"), "mean_absolute_error", { ...VALUES, weights: WEIGHTS }],
    "two classes of one output": [denseLayer(1, "sigmoid"), "binary_crossentropy", TWO_CLASSES],
  };
  for (const [what, [output, type, examples]] of Object.entries(forms)) {
    it(`is the slope of the loss for ${what}`, () => {
      return check([dense, output], { loss: { type, labelSmoothing: 0 }, examples });
    });
  }

  for (const [type, labelSmoothing, activation] of losses) {
    it(`is the slope of ${type} with smoothing ${labelSmoothing} after ${activation}`, () => {
      return check([dense, denseLayer(CLASSES, activation)], { loss: { type, labelSmoothing } });
    });
  }
});

function regularized(layer: DenseLayer, l1: number, l2: number): DenseLayer {
  return { ...layer, kernelRegularizer: { l1, l2 } };
}

interface Problem {
  readonly loss?: LossPlan;
  /** @default three classes */
  readonly examples?: Examples;
}

async function check(layers: readonly Layer[], { loss, examples = EXAMPLES }: Problem = {}): Promise<void> {
  const problem = { plan: planWith(layers, loss), examples };
  const weights = weightsOf(layers);
  const after = (await step(problem, weights)).weights;
  const { tensors } = modelShape(layers, FEATURES);
  for (const [index, { name, isTrained }] of tensors.entries()) {
    if (!isTrained) continue;
    const [before, next] = [weights[index], after[index]] as [ModelWeights[number], ModelWeights[number]];
    for (const place of before.values.keys()) {
      const actual = (before.values[place] as number) - (next.values[place] as number);
      const expected = await difference(problem, weights, { index, place });
      assert.ok(Math.abs(actual - expected) <= TOLERANCE, `${name}[${place}]: ${actual}, expected ${expected}`);
    }
  }
}

async function difference(
  problem: StepProblem,
  weights: ModelWeights,
  { index, place }: { readonly index: number; readonly place: number },
): Promise<number> {
  const lossAt = async (change: number): Promise<number> => {
    const moved = structuredClone(weights);
    const values = moved[index]?.values as Float32Array;
    values[place] = (values[place] as number) + change;
    return (await step(problem, moved)).loss;
  };
  return ((await lossAt(H)) - (await lossAt(-H))) / (2 * H);
}

interface StepProblem {
  readonly plan: TrainingPlan;
  readonly examples: Examples;
}

async function step({ plan, examples }: StepProblem, weights: ModelWeights) {
  const session = await engine.open(plan, { state: freshState(weights), seed: 5 });
  const { lossSum, count } = await session.trainBatch(examples, ROWS, 1);
  const after = await session.readWeights();
  await session.dispose();
  return { loss: lossSum / count, weights: after };
}

function planWith(layers: readonly Layer[], loss: LossPlan | undefined): TrainingPlan {
  const plan = planOf([CLASSES]);
  const optimizer = { type: "sgd", learningRate: 1, momentum: 0, nesterov: false } as const;
  return { ...plan, model: { layers }, training: { ...plan.training, optimizer, loss: loss ?? plan.training.loss } };
}

/**
 * Values in (0.1, 0.9) of either sign, away from the corner of |w|; variances and gammas are
 * positive.
 */
function weightsOf(layers: readonly Layer[]): ModelWeights {
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return modelShape(layers, FEATURES).tensors.map(({ name, shape }) => {
    const isPositive = /gamma|variance/.test(name);
    const values = Float32Array.from({ length: sizeOf(shape) }, () => {
      const size = 0.1 + 0.8 * random();
      return isPositive || random() < 0.5 ? size : -size;
    });
    return { name, shape, values };
  });
}
