// The IDX format: two zero bytes, the type (8 is unsigned byte), the number of dimensions, then
// each dimension as a big-endian 32-bit integer, then the values in row-major order.
// http://yann.lecun.com/exdb/mnist

import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { IdxFile } from "./catalog.js";
import { DataSetError, reasonOf } from "./data-set-error.js";

const inflate = promisify(gunzip);

/** Returns the number of bytes before the first value. */
function headerBytes(dimensions: readonly number[]): number {
  return 4 + 4 * dimensions.length;
}

/** Returns the size of the uncompressed file in bytes. */
export function totalBytes(dimensions: readonly number[]): number {
  return headerBytes(dimensions) + valuesOf(dimensions);
}

/**
 * Checks format, sizes and digest of a file and returns its values.
 *
 * @param bytes - the file, gzipped or not; the first two bytes decide
 * @param where - path or URL, for the error
 * @returns the values without the header; a view of `bytes` if the file is not gzipped
 * @throws {DataSetError} `corrupt`, if format, sizes or digest are not those of `file`
 */
export async function unpackIdx(bytes: Uint8Array, file: IdxFile, where: string): Promise<Uint8Array> {
  const content = isGzipped(bytes) ? await inflateWithin(bytes, totalBytes(file.dimensions), where) : bytes;
  checkHeader(content, file.dimensions, where);
  const found = createHash("sha256").update(content).digest("hex");
  if (found !== file.sha256) throw corrupt(where, `SHA-256 ${file.sha256}`, found);
  return content.subarray(headerBytes(file.dimensions));
}

/** Returns true if the bytes begin as a gzip file does. */
export function isGzipped(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Creates a `corrupt` error with the expected and the found content. */
export function corrupt(where: string, expected: string, found: string): DataSetError {
  return new DataSetError("corrupt", `${where}: expected ${expected}, found ${found}.`);
}

async function inflateWithin(bytes: Uint8Array, bytesMax: number, where: string): Promise<Uint8Array> {
  try {
    return await inflate(bytes, { maxOutputLength: bytesMax });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw corrupt(where, `${bytesMax} bytes uncompressed`, "more");
    }
    throw corrupt(where, "intact gzip data", reasonOf(error));
  }
}

function checkHeader(content: Uint8Array, dimensions: readonly number[], where: string): void {
  const total = totalBytes(dimensions);
  if (content.length < headerBytes(dimensions)) throw corrupt(where, `${total} bytes`, `${content.length}`);
  const header = new DataView(content.buffer, content.byteOffset, headerBytes(dimensions));
  const magic = 0x0800 | dimensions.length;
  const foundMagic = header.getUint32(0);
  if (foundMagic !== magic) throw corrupt(where, `IDX magic number ${hex(magic)}`, hex(foundMagic));
  const found = dimensions.map((_, i) => header.getUint32(4 + 4 * i));
  if (found.join() !== dimensions.join()) throw corrupt(where, `${dimensions.join(" x ")} values`, found.join(" x "));
  if (content.length !== total) throw corrupt(where, `${total} bytes`, `${content.length}`);
}

function valuesOf(dimensions: readonly number[]): number {
  return dimensions.reduce((product, size) => product * size, 1);
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}
