import { contentError, type Place } from "../error/data-error.js";
import type { ByteSource } from "./byte-source.js";

/** Reads from a source into buffers that it fills completely. */
export class Filler {
  readonly #source: Pick<ByteSource, "read">;
  readonly #place: Place;

  constructor(source: Pick<ByteSource, "read">, place: Place) {
    this.#source = source;
    this.#place = place;
  }

  /** @throws {DataError} if the source ends earlier */
  readonly fill = async (into: Uint8Array): Promise<void> => {
    for (let filled = 0; filled < into.length; ) {
      const read = await this.#source.read(into.subarray(filled));
      if (read === 0) throw contentError(this.#place, `the file ends ${into.length - filled} bytes too early`);
      filled += read;
    }
  };

  /** Checks that nothing follows. */
  async end(): Promise<void> {
    if ((await this.#source.read(new Uint8Array(1))) > 0)
      throw contentError(this.#place, "bytes follow the end of the data");
  }
}
