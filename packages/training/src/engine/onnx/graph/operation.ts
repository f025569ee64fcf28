import type { TensorShape } from "../../model-shape.js";
import type { GraphBuilder, Value } from "./graph-builder.js";

/** One stage of a model in training. */
export interface Operation {
  readonly output: Value;
  /**
   * Emits what the step computes for the stage's own tensors.
   *
   * @param delta - gradient of the loss at `output`, of its shape
   * @returns emits the gradient at the stage's input; not called where nothing before the stage is trained
   */
  readonly backward: (delta: Value) => () => Value;
}

/** Name of what a step computes for a tensor: its gradient, or the batch's value of a moving average. */
export function updateName({ name }: { readonly name: string }): Value {
  return `${name}.update`;
}

/** Declares a tensor's update as an output of the graph. */
export function updateOutput(graph: GraphBuilder, tensor: TensorShape): Value {
  graph.output(updateName(tensor), "float32", tensor.shape);
  return updateName(tensor);
}
