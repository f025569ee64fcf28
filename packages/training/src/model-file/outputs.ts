/** Rows that are computed at a time. */
const BATCH_ROWS = 4_096;

/** The inputs of a model. */
export interface ModelInputs {
  /** Shape (count, features), row-major. */
  readonly inputs: Float32Array;
  readonly features: number;
}

/** The outputs of a model. */
export interface Outputs {
  /** Shape (count, width), row-major. */
  readonly values: Float32Array;
  readonly width: number;
}

/** Computes the outputs of rows in batches: `run` returns those of the rows [start, end). */
export async function outputsOf(
  count: number,
  run: (start: number, end: number) => Promise<Float32Array>,
): Promise<Outputs> {
  const parts: Float32Array[] = [];
  for (let start = 0; start < count; start += BATCH_ROWS) {
    parts.push(Float32Array.from(await run(start, Math.min(count, start + BATCH_ROWS))));
  }
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    values.set(part, offset);
    offset += part.length;
  }
  return { values, width: count === 0 ? 0 : values.length / count };
}
