import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../../dataset/examples.js";
import { type LayerShape, shapeOfWeights, type TensorShape } from "../../model/model-shape.js";
import type { ModelWeights, NamedTensor } from "../../model/tensor.js";
import type { BatchSums } from "../contract/engine.js";
import { ReferenceActivation } from "./activation.fixture.js";
import { ReferenceBatchNormalization } from "./batch-normalization.fixture.js";
import { ReferenceDense } from "./dense.fixture.js";
import { ReferenceDropout } from "./dropout.fixture.js";
import { type Matrix, type Mode, type Parameter, parameterOf, type ReferenceLayer, sum } from "./layer.fixture.js";
import { type ExampleLoss, exampleLoss } from "./loss.fixture.js";
import { optimizerStep } from "./optimizer.fixture.js";

/** A tensor in float64. */
export interface ReferenceTensor {
  readonly name: string;
  readonly values: readonly number[];
}

/** The reference training of a model. */
export class ReferenceTraining {
  readonly #plan: TrainingPlan;
  readonly #seed: number;
  readonly #layers: readonly ReferenceLayer[];
  #steps = 0;

  /** @param seed - seed of the dropout masks */
  constructor(plan: TrainingPlan, weights: ModelWeights, seed = 1) {
    const { layers } = shapeOfWeights(plan.model.layers, weights);
    this.#plan = plan;
    this.#seed = seed;
    this.#layers = layers.flatMap((shape, index) => layersOf(shape, index, weights));
  }

  step(examples: Examples, rows: Uint32Array, learningRate: number): BatchSums {
    const losses = this.#backward(examples, rows);
    this.#steps += 1;
    optimizerStep(this.#plan.training.optimizer, this.#parameters(), { learningRate, number: this.#steps });
    for (const layer of this.#layers) layer.moveAverages?.();
    return losses;
  }

  /** Returns the mean loss that a step would report, without the step. */
  trainingLoss(examples: Examples, rows: Uint32Array): number {
    return this.#measure(examples, rows, this.#training()).sums.lossSum / rows.length;
  }

  /** Returns the gradient of `trainingLoss` at every trained number. */
  gradients(examples: Examples, rows: Uint32Array): ReferenceTensor[] {
    this.#backward(examples, rows);
    const trained = this.#parameters().filter(({ isTrained }) => isTrained);
    return trained.map(({ name, cells }) => ({ name, values: cells.map(({ g }) => g) }));
  }

  evaluate(examples: Examples): { readonly loss: number; readonly correct: number } {
    const { lossSum, correct } = this.#measure(examples, allRows(examples), { kind: "inference" }).sums;
    return { loss: lossSum / examples.count, correct };
  }

  /** Returns the outputs of every example, row-major. */
  predict(examples: Examples): number[] {
    return this.#outputs(examples, allRows(examples), { kind: "inference" }).flat();
  }

  /** Returns every tensor, in the order of `ModelShape.tensors`. */
  weights(): ReferenceTensor[] {
    return this.#parameters().map(({ name, cells }) => ({ name, values: cells.map(({ w }) => w) }));
  }

  #backward(examples: Examples, rows: Uint32Array): BatchSums {
    for (const { cells } of this.#parameters()) for (const cell of cells) cell.g = 0;
    const { sums, losses } = this.#measure(examples, rows, this.#training());
    let gradients = losses.map((example) => example.gradients.map((gradient) => gradient / rows.length));
    for (const layer of this.#layers.toReversed()) gradients = layer.backward(gradients);
    for (const layer of this.#layers) layer.backwardPenalty?.();
    return sums;
  }

  #measure(
    examples: Examples,
    rows: Uint32Array,
    mode: Mode,
  ): { readonly sums: BatchSums; readonly losses: readonly ExampleLoss[] } {
    const outputs = this.#outputs(examples, rows, mode);
    const losses = outputs.map((row, i) => this.#loss(examples, rows[i] as number, row));
    const penalty = sum(this.#layers.map((layer) => layer.penalty?.() ?? 0));
    const correct = outputs.filter((row, i) => isCorrect(examples, rows[i] as number, row)).length;
    const lossSum = sum(losses.map(({ loss }) => loss)) + rows.length * penalty;
    return { sums: { lossSum, correct, count: rows.length }, losses };
  }

  #loss(examples: Examples, row: number, outputs: readonly number[]): ExampleLoss {
    const weight = examples.weights?.[row] ?? 1;
    const { loss, gradients } = exampleLoss(this.#plan.training.loss, outputs, targetOf(examples, row, outputs.length));
    return { loss: weight * loss, gradients: gradients.map((gradient) => weight * gradient) };
  }

  #outputs({ inputs, features }: Examples, rows: Uint32Array, mode: Mode): Matrix {
    const batch = Array.from(rows, (row) => Array.from(inputs.subarray(row * features, (row + 1) * features)));
    return this.#layers.reduce((values, layer) => layer.forward(values, mode), batch);
  }

  #training(): Mode {
    return { kind: "training", seed: this.#seed, step: this.#steps };
  }

  #parameters(): Parameter[] {
    return this.#layers.flatMap(({ parameters }) => parameters);
  }
}

function layersOf(shape: LayerShape, index: number, weights: ModelWeights): ReferenceLayer[] {
  const required = ({ name, isTrained }: TensorShape): Parameter =>
    parameterOf(weights.find((tensor) => tensor.name === name) as NamedTensor, isTrained);
  const optional = (tensor: TensorShape | undefined) => (tensor === undefined ? undefined : required(tensor));
  switch (shape.type) {
    case "Dense":
      return [
        new ReferenceDense(shape, required(shape.kernel), optional(shape.bias)),
        new ReferenceActivation(shape.activation),
      ];
    case "Dropout":
      return [new ReferenceDropout(shape, index)];
    case "BatchNormalization": {
      const [gamma, beta] = [optional(shape.gamma), optional(shape.beta)];
      const [movingMean, movingVariance] = [required(shape.movingMean), required(shape.movingVariance)];
      return [new ReferenceBatchNormalization(shape, { gamma, beta, movingMean, movingVariance })];
    }
  }
}

/** Returns the target of a row: one-hot, the label for one output, or the row's values. */
function targetOf({ targets }: Examples, row: number, width: number): number[] {
  if (targets.kind === "values") return Array.from(targets.values.subarray(row * width, (row + 1) * width));
  const label = targets.labels[row] as number;
  return width === 1 ? [label] : Array.from({ length: width }, (_, unit) => (unit === label ? 1 : 0));
}

function isCorrect({ targets }: Examples, row: number, outputs: readonly number[]): boolean {
  if (targets.kind === "values") return false;
  const found = outputs.length === 1 ? Number((outputs[0] as number) > 0.5) : outputs.indexOf(Math.max(...outputs));
  return found === targets.labels[row];
}

function allRows({ count }: Examples): Uint32Array {
  return Uint32Array.from({ length: count }, (_, row) => row);
}
