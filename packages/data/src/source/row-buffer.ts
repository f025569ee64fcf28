import { contentError } from "../error/data-error.js";
import { BLOCK_BYTES, type ByteSource } from "./byte-source.js";

/** Upper limit of one row. Without it a quote that is never closed would take the whole file. */
const ROW_BYTES_MAX = 2 ** 26;

/** Bytes behind the line feed that exist and mean nothing, for readers of several bytes at once. */
const AHEAD_BYTES = 8;

/** Whole rows and the beginning of another, with a line feed and 8 more bytes behind them. */
export interface RowBytes {
  readonly bytes: Buffer;
  /** The same bytes. */
  readonly view: DataView;
  /** Position of the line feed behind the bytes. */
  readonly end: number;
  /** True if the file ends at `end`. */
  readonly final: boolean;
}

/**
 * A part of a file that begins at a row. The next block of the file is read while the caller works
 * on this part.
 */
export class RowBuffer implements RowBytes {
  bytes: Buffer = Buffer.allocUnsafe(2 * BLOCK_BYTES);
  view: DataView = viewOf(this.bytes);
  end = 0;
  final = false;
  /** Number of bytes read from the file. */
  total = 0;
  readonly #source: ByteSource;
  readonly #file: string;
  readonly #block = new Uint8Array(BLOCK_BYTES);
  #reading: Promise<number>;

  constructor(source: ByteSource, file: string) {
    this.#source = source;
    this.#file = file;
    this.#reading = this.#readAhead();
  }

  /** Drops the bytes before a position and appends a block. Returns the position of the rest. */
  async refill(position: number): Promise<number> {
    this.bytes.copyWithin(0, position, this.end);
    this.end -= position;
    const read = await this.#reading;
    while (this.end + read + AHEAD_BYTES >= this.bytes.length) this.#grow();
    this.bytes.set(this.#block.subarray(0, read), this.end);
    this.final = read === 0;
    this.total += read;
    this.end += read;
    this.bytes[this.end] = 0x0a;
    if (!this.final) this.#reading = this.#readAhead();
    return 0;
  }

  /** Reads until the buffer has a line break or all of the file. */
  async fillLine(): Promise<void> {
    while (!this.final && !this.bytes.subarray(0, this.end).includes(0x0a)) await this.refill(0);
  }

  /** Waits until no read is under way, so that the caller can close the source. */
  async settle(): Promise<void> {
    await this.#reading.catch(() => undefined);
  }

  #readAhead(): Promise<number> {
    const reading = this.#source.read(this.#block);
    // Ignored here: whoever waits for the block gets the error.
    reading.catch(() => undefined);
    return reading;
  }

  #grow(): void {
    if (this.bytes.length >= ROW_BYTES_MAX) {
      throw contentError(
        { file: this.#file },
        "a row has more than 64 MiB; is a quote not closed, or the file not text?",
      );
    }
    const larger = Buffer.allocUnsafe(this.bytes.length * 2);
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
    this.view = viewOf(larger);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
