import { newestStart, OUTPUT_NEWEST_BYTES, OUTPUT_OLDEST_BYTES, type OutputPart } from "@sintonia/protocol/output";

/**
 * The oldest and the newest bytes of an output of any length, in constant memory: those that the
 * coordinator keeps.
 */
export class OutputWindow {
  readonly #oldest = new Uint8Array(OUTPUT_OLDEST_BYTES);
  /** The byte at an offset is at this offset modulo the length. */
  #newest: Uint8Array | undefined;
  #endOffset = 0;

  /** Number of bytes that were written. */
  get endOffset(): number {
    return this.#endOffset;
  }

  /** Appends a copy of bytes. */
  append(bytes: Uint8Array): void {
    const room = Math.max(0, OUTPUT_OLDEST_BYTES - this.#endOffset);
    if (room > 0) this.#oldest.set(bytes.subarray(0, room), this.#endOffset);
    this.#endOffset += bytes.length;
    const rest = bytes.subarray(room).subarray(-OUTPUT_NEWEST_BYTES);
    if (rest.length > 0) this.#writeNewest(rest);
  }

  /**
   * Returns a copy of the first kept bytes at or behind an offset; undefined if there are none.
   *
   * @param bytesMax - limit of the length
   */
  next(offset: number, bytesMax: number): OutputPart | undefined {
    const oldest = this.#oldest.slice(offset, Math.min(this.#endOffset, OUTPUT_OLDEST_BYTES, offset + bytesMax));
    if (oldest.length > 0) return { offset, bytes: oldest };
    const start = Math.max(offset, newestStart(this.#endOffset));
    if (start >= this.#endOffset) return undefined;
    return { offset: start, bytes: this.#readNewest(start, Math.min(bytesMax, this.#endOffset - start)) };
  }

  /** Writes bytes that end at the end of the output. */
  #writeNewest(bytes: Uint8Array): void {
    this.#newest ??= new Uint8Array(OUTPUT_NEWEST_BYTES);
    const place = (this.#endOffset - bytes.length) % OUTPUT_NEWEST_BYTES;
    const head = bytes.subarray(0, OUTPUT_NEWEST_BYTES - place);
    this.#newest.set(head, place);
    this.#newest.set(bytes.subarray(head.length), 0);
  }

  #readNewest(start: number, length: number): Uint8Array {
    const ring = this.#newest ?? new Uint8Array();
    const bytes = new Uint8Array(length);
    const place = start % OUTPUT_NEWEST_BYTES;
    const head = ring.subarray(place, place + length);
    bytes.set(head);
    bytes.set(ring.subarray(0, length - head.length), head.length);
    return bytes;
  }
}
