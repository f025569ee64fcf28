/** A model file that is damaged or holds no model of known layers. */
export class ModelFileError extends Error {
  override readonly name = "ModelFileError";
}
