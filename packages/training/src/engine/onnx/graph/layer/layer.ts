import type { Value } from "../builder/graph-builder.js";
import type { Dimension } from "../builder/protobuf.js";

/** The values that a layer reads in training. */
export interface LayerInputs {
  /** Inputs of the layer, shape (batch, units of the layer before). */
  readonly x: Value;
  /** Index among the model's layers. */
  readonly index: number;
  /** Scalar, 1 / batch size. */
  readonly share: Value;
  readonly batch: Dimension;
}

/** A layer that was emitted for training. */
export interface EmittedLayer {
  /** Outputs of the layer, shape (batch, units). */
  readonly output: Value;
  /**
   * Emits the updates of the layer's own tensors.
   *
   * @param delta - gradient of the loss at `output`, of the same shape
   */
  readonly backward: (delta: Value) => LayerGradients;
}

/** The backward pass of one layer. */
export interface LayerGradients {
  /**
   * Emits the gradient of the loss at the layer's inputs. Not needed where no layer before this
   * one is trained.
   */
  readonly inputs: () => Value;
}
