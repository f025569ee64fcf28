/** Number of bytes that are kept of the beginning of an attempt's output. */
export const OUTPUT_OLDEST_BYTES = 64 * 1024;

/** Number of bytes that are kept of the end of an attempt's output. */
export const OUTPUT_NEWEST_BYTES = 192 * 1024;

/** Limit of the bytes that one call appends to an output. */
export const OUTPUT_CHUNK_MAX_BYTES = 64 * 1024;

/** A part of an attempt's output. */
export interface OutputPart {
  /** Number of bytes of the output before the part. */
  readonly offset: number;
  /** In any encoding. */
  readonly bytes: Uint8Array;
}

/** Returns the offset behind a part. */
export function endOf({ offset, bytes }: OutputPart): number {
  return offset + bytes.length;
}

/** Returns the offset at which the kept newest part of an output begins. */
export function newestStart(endOffset: number): number {
  return Math.max(OUTPUT_OLDEST_BYTES, endOffset - OUTPUT_NEWEST_BYTES);
}
