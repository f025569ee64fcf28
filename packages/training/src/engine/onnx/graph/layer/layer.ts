import type { Value } from "../builder/graph-builder.js";

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
