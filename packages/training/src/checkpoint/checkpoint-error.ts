/** A checkpoint that cannot be written or gone on from. The message is one line for a person. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}
