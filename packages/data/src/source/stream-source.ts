/** Reads a stream of blocks into buffers. Whoever creates it closes it. */
export class StreamSource {
  readonly #blocks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#blocks = stream[Symbol.asyncIterator]();
  }

  /** Fills a part of `into` and returns the number of bytes, 0 at the end. */
  async read(into: Uint8Array): Promise<number> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#blocks.next();
      if (done) return 0;
      this.#rest = value;
    }
    const bytes = this.#rest.subarray(0, into.length);
    into.set(bytes);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes.length;
  }

  async close(): Promise<void> {
    await this.#blocks.return?.();
  }
}
