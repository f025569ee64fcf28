import { isFileDataSet, type TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { DATA_SETS } from "../dataset/catalog.js";
import { modelShape, sizeOf } from "../model/model-shape.js";

/**
 * Size limit of the weights of a module's model, in bytes: the module alone knows the layers. A
 * checkpoint has the same limit.
 */
export const MODULE_WEIGHTS_MAX_BYTES = 256 * 1024 * 1024;

/** Upper limit of the header of a model file: names, shapes and layers as JSON. */
const HEADER_MAX_BYTES = 1024 * 1024;

/** Upper limit of a model file of own data. */
const OWN_DATA_MAX_BYTES = 512 * 1024 * 1024;

/**
 * Returns the upper limit of the size of a trial's model file, in bytes. A larger file has other
 * content than the weights of the plan's model.
 *
 * @throws {ModelShapeError} if the plan has no valid model
 */
export function modelFileMaxBytes({ dataset, model }: Pick<TrainingPlan, "dataset" | "model">): number {
  // The number of features of own data is in its files.
  if (isFileDataSet(dataset)) return OWN_DATA_MAX_BYTES;
  const features = sizeOf(DATA_SETS[dataset.name].test.images.dimensions.slice(1));
  const { tensors } = modelShape(model.layers, features);
  const values = tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return HEADER_MAX_BYTES + values * Float32Array.BYTES_PER_ELEMENT;
}
