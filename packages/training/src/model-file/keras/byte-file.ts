/** A growing sequence of bytes. Numbers are little-endian. */
export class ByteFile {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Returns a copy of all bytes. */
  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    return bytes;
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }

  u8(value: number): this {
    return this.raw(Uint8Array.of(value));
  }

  u16(value: number): this {
    return this.#number(2, (view) => view.setUint16(0, value, true));
  }

  u32(value: number): this {
    return this.#number(4, (view) => view.setUint32(0, value, true));
  }

  u64(value: number): this {
    return this.#number(8, (view) => view.setBigUint64(0, BigInt(value), true));
  }

  /** Appends the address that stands for no address. */
  undefinedAddress(): this {
    return this.raw(new Uint8Array(8).fill(0xff));
  }

  ascii(text: string): this {
    return this.raw(new TextEncoder().encode(text));
  }

  /** Appends zeros. */
  reserve(length: number): this {
    return this.raw(new Uint8Array(length));
  }

  /** Appends zeros up to a multiple of 8. */
  align(): this {
    return this.reserve((8 - (this.#length % 8)) % 8);
  }

  /** Appends another file at a multiple of 8. Returns its address. */
  append(other: ByteFile): number {
    this.align();
    const address = this.#length;
    this.raw(other.bytes());
    return address;
  }

  /** Replaces the bytes from an address on, which must belong to one reserved part. */
  writeAt(address: number, other: ByteFile): void {
    let start = 0;
    for (const part of this.#parts) {
      if (address >= start && address + other.length <= start + part.length) {
        part.set(other.bytes(), address - start);
        return;
      }
      start += part.length;
    }
    throw new RangeError(`no part of the file holds ${other.length} bytes at ${address}`);
  }

  #number(bytes: number, set: (view: DataView) => void): this {
    const part = new Uint8Array(bytes);
    set(new DataView(part.buffer));
    return this.raw(part);
  }
}
