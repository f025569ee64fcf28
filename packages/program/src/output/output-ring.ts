/** Bytes that are kept of the beginning of an output. */
export const OLDEST_BYTES = 64 * 1024;
/** Bytes that are kept of the end of an output. */
export const NEWEST_BYTES = 192 * 1024;

/** The kept parts of an output. */
export interface KeptOutput {
  readonly oldest: Buffer;
  /** Bytes between the two parts that were dropped. */
  readonly droppedBytes: number;
  readonly newest: Buffer;
}

/** The oldest and the newest bytes of an output of any length, in constant memory. */
export class OutputRing {
  readonly #oldestMax: number;
  readonly #newestMax: number;
  #oldest: Buffer | undefined;
  #oldestBytes = 0;
  #ring: Buffer | undefined;
  #newestTotal = 0;

  constructor(oldestMax = OLDEST_BYTES, newestMax = NEWEST_BYTES) {
    this.#oldestMax = oldestMax;
    this.#newestMax = newestMax;
  }

  append(bytes: Buffer): void {
    this.#oldest ??= Buffer.alloc(this.#oldestMax);
    const copied = bytes.copy(this.#oldest, this.#oldestBytes);
    this.#oldestBytes += copied;
    if (copied < bytes.length) this.#appendNewest(bytes.subarray(copied));
  }

  /** Returns a copy of the kept parts. */
  kept(): KeptOutput {
    const size = Math.min(this.#newestTotal, this.#newestMax);
    const end = this.#newestTotal % this.#newestMax;
    const ring = this.#ring ?? Buffer.alloc(0);
    const newest =
      this.#newestTotal <= size ? ring.subarray(0, size) : Buffer.concat([ring.subarray(end), ring.subarray(0, end)]);
    return {
      oldest: Buffer.from((this.#oldest ?? Buffer.alloc(0)).subarray(0, this.#oldestBytes)),
      droppedBytes: this.#newestTotal - size,
      newest: Buffer.from(newest),
    };
  }

  #appendNewest(bytes: Buffer): void {
    this.#ring ??= Buffer.alloc(this.#newestMax);
    const last = bytes.subarray(Math.max(0, bytes.length - this.#newestMax));
    const start = (this.#newestTotal + bytes.length - last.length) % this.#newestMax;
    const copied = last.copy(this.#ring, start);
    if (copied < last.length) last.copy(this.#ring, 0, copied);
    this.#newestTotal += bytes.length;
  }
}
