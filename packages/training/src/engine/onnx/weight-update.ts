import type { OptimizerPlan } from "@sintonia/tuning/plan/training-plan";
import type { ModelShape } from "../../model/model-shape.js";
import { clipGradients } from "./optimizer/clipping.js";
import type { Optimizer, StepNumbers, TrainedTensor } from "./optimizer/optimizer.js";
import { addPenaltyGradients, type PenalizedTensor, penaltyOf } from "./optimizer/penalty.js";
import type { Block, SessionMemory } from "./session-memory.js";

/** An average that a step moves towards the batch's value. Values are addresses. */
interface MovingAverage {
  readonly count: number;
  readonly average: number;
  readonly value: number;
  /** Share of the average that stays. */
  readonly momentum: number;
}

/** What follows the graph in a step: it turns the updates of all tensors into changes of the weights. */
export class WeightUpdate {
  readonly #memory: SessionMemory;
  readonly #plan: OptimizerPlan;
  readonly #optimizer: Optimizer;
  readonly #trained: readonly TrainedTensor[];
  readonly #penalized: readonly PenalizedTensor[];
  readonly #averages: readonly MovingAverage[];

  constructor(
    memory: SessionMemory,
    {
      shape,
      plan,
      optimizer,
    }: { readonly shape: ModelShape; readonly plan: OptimizerPlan; readonly optimizer: Optimizer },
  ) {
    this.#memory = memory;
    this.#plan = plan;
    this.#optimizer = optimizer;
    this.#trained = trainedTensors(shape, memory);
    this.#penalized = penalizedTensors(shape, memory);
    this.#averages = movingAverages(shape, memory);
  }

  /** Sum of the penalties of the present weights. */
  penalty(): number {
    return penaltyOf(this.#memory.kernels, this.#penalized);
  }

  apply(numbers: StepNumbers): void {
    const { kernels } = this.#memory;
    addPenaltyGradients(kernels, this.#penalized);
    clipGradients(kernels, this.#trained, this.#plan);
    this.#optimizer.update(kernels, this.#trained, numbers);
    for (const { count, average, value, momentum } of this.#averages) {
      kernels.movingAverage(count, average, value, momentum, 1 - momentum);
    }
  }
}

function trainedTensors({ tensors }: ModelShape, memory: SessionMemory): TrainedTensor[] {
  return tensors.flatMap(({ isTrained }, index) => {
    if (!isTrained) return [];
    const slots = (memory.slots[index] ?? []).map(({ address }) => address);
    return [{ ...addresses(memory, index), slots }];
  });
}

function penalizedTensors({ layers, tensors }: ModelShape, memory: SessionMemory): PenalizedTensor[] {
  return layers.flatMap((layer) =>
    layer.type === "Dense" && layer.kernelRegularizer !== undefined
      ? [{ ...addresses(memory, tensors.indexOf(layer.kernel)), ...layer.kernelRegularizer }]
      : [],
  );
}

function movingAverages({ layers, tensors }: ModelShape, memory: SessionMemory): MovingAverage[] {
  return layers.flatMap((layer) => {
    if (layer.type !== "BatchNormalization") return [];
    return [layer.movingMean, layer.movingVariance].map((tensor) => {
      const { count, weights, gradient } = addresses(memory, tensors.indexOf(tensor));
      return { count, average: weights, value: gradient, momentum: layer.momentum };
    });
  });
}

/** @param index - among the model's tensors */
function addresses(memory: SessionMemory, index: number) {
  const [weights, update] = [memory.weights[index] as Block, memory.updates[index] as Block];
  return { count: weights.count, weights: weights.address, gradient: update.address };
}
