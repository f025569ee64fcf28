/** A model file that is damaged, or holds something else than a dense classifier. */
export class ModelFileError extends Error {
  override readonly name = "ModelFileError";
}
