import type { LayerShape } from "../../../../model/model-shape.js";
import type { TensorFlow } from "../../tensorflow/tensorflow.js";
import { BatchNormalization } from "./batch-normalization.js";
import { Dense } from "./dense.js";
import { Dropout } from "./dropout.js";
import type { Layer, MaskSource } from "./layer.js";

/** Builds a layer: the engine's table of layers. */
export function createLayer(tf: TensorFlow, shape: LayerShape, source: MaskSource): Layer {
  switch (shape.type) {
    case "Dense":
      return new Dense(tf, shape);
    case "Dropout":
      return new Dropout(tf, shape, source);
    case "BatchNormalization":
      return new BatchNormalization(tf, shape);
  }
}
