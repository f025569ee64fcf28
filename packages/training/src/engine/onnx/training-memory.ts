import { adamNames, NEXT } from "./graph/adam.js";
import { CORRECT, LOSS_SUM } from "./graph/loss.js";
import { GRADIENT_SCALE, STEP_SIZE } from "./graph/model-graphs.js";
import type { Parameter } from "./parameters.js";
import { floatTensor, type OnnxRuntime, type Scalar, scalar, type Tensor } from "./runtime.js";

export type Tensors = Record<string, Tensor>;

/** What one step reads and writes, and where its weights end up. */
export interface Direction {
  readonly feeds: Tensors;
  readonly fetches: Tensors;
  readonly weightsAfter: readonly Parameter[];
  readonly slotsAfter: readonly Parameter[];
}

/** Everything that a step reads and writes besides its batch. */
export interface TrainingMemory {
  readonly gradientScale: Scalar;
  readonly stepSize: Scalar;
  readonly lossSum: Scalar;
  readonly correct: Scalar;
  /** Steps use the first and the second in turn. */
  readonly directions: readonly [Direction, Direction];
}

/**
 * Lays out the memory of training: two sets of weights and optimizer state. Each step reads one set and writes the
 * other, so that no step creates a tensor.
 *
 * @param weights - becomes the first set, with `slots`: the second step overwrites it
 * @param slots - in the order of `optimizerSlots`
 */
export function trainingMemory(
  runtime: OnnxRuntime,
  { weights, slots }: { readonly weights: readonly Parameter[]; readonly slots: readonly Parameter[] },
): TrainingMemory {
  const scalars = {
    gradientScale: scalar(runtime),
    stepSize: scalar(runtime),
    lossSum: scalar(runtime),
    correct: scalar(runtime),
  };
  const factors = { [GRADIENT_SCALE]: scalars.gradientScale.tensor, [STEP_SIZE]: scalars.stepSize.tensor };
  const sums = { [LOSS_SUM]: scalars.lossSum.tensor, [CORRECT]: scalars.correct.tensor };
  const [otherWeights, otherSlots] = [weights.map(zerosLike), slots.map(zerosLike)];
  const first = tensorsOf(runtime, [...weights, ...slots]);
  const second = tensorsOf(runtime, [...otherWeights, ...otherSlots]);
  const forth = {
    feeds: { ...first, ...factors },
    fetches: { ...renamed(second), ...sums },
    weightsAfter: otherWeights,
    slotsAfter: otherSlots,
  };
  const back = {
    feeds: { ...second, ...factors },
    fetches: { ...renamed(first), ...sums },
    weightsAfter: weights,
    slotsAfter: slots,
  };
  return { ...scalars, directions: [forth, back] };
}

/** Adam's two moments of every weight, zero. */
export function optimizerSlots(weights: readonly Parameter[]): Parameter[] {
  return weights.flatMap((weight) => {
    const { moment, square } = adamNames(weight.name);
    return [moment, square].map((name) => ({ ...zerosLike(weight), name }));
  });
}

function zerosLike(parameter: Parameter): Parameter {
  return { ...parameter, values: new Float32Array(parameter.values.length) };
}

function tensorsOf(runtime: OnnxRuntime, parameters: readonly Parameter[]): Tensors {
  return Object.fromEntries(parameters.map(({ name, values, dims }) => [name, floatTensor(runtime, values, dims)]));
}

function renamed(tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name + NEXT, tensor]));
}
