import type { OptimizerPlan } from "@sintonia/tuning/plan/training-plan";
import type { ModelShape } from "../../model/model-shape.js";
import { clipGradients } from "./optimizer/clipping.js";
import type { Optimizer, StepNumbers, TrainedTensor } from "./optimizer/optimizer.js";
import { addPenaltyGradients, type PenalizedTensor, penaltyOf } from "./optimizer/penalty.js";
import type { Block, SessionMemory } from "./session-memory.js";

/** A moving average of a batch statistic: average = average momentum + value (1 - momentum). */
interface MovingAverage {
  /** Number of values. */
  readonly count: number;
  /** Address of the moving average. */
  readonly average: number;
  /** Address of the statistic of the batch. */
  readonly value: number;
  readonly momentum: number;
}

/**
 * The second half of a training step, after the graph: penalties, clipping, the optimizer and
 * moving averages. All passes run in WebAssembly.
 */
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

  /** Returns the sum of the penalties of the present weights. */
  penalty(): number {
    return penaltyOf(this.#memory.kernels, this.#penalized);
  }

  /** Changes weights, slots and moving averages in place. Overwrites the gradients. */
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

/** @param index - index among the model's tensors */
function addresses(memory: SessionMemory, index: number) {
  const [weights, update] = [memory.weights[index] as Block, memory.updates[index] as Block];
  return { count: weights.count, weights: weights.address, gradient: update.address };
}
