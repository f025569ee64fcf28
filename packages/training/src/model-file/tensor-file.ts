import type { NamedTensor } from "../model/tensor.js";
import { readHeader, type TensorEntry } from "./safetensors-header.js";

// The safetensors format: the length of the header as 8 bytes, a JSON header, then the values of
// all tensors. All numbers are little-endian. See https://github.com/huggingface/safetensors.

/** Texts beside the tensors of a file. */
export type Metadata = Readonly<Record<string, string>>;

/** Offset of the values in the file is a multiple of 8 bytes, as the format recommends. */
const ALIGNMENT = 8;

/** Encodes tensors in the given order. The same tensors and metadata give the same bytes. */
export function encodeTensorFile(tensors: readonly NamedTensor[], metadata: Metadata): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = paddedJson(header);
  const bytes = new Uint8Array(8 + json.length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  writeValues(bytes.subarray(8 + json.length), tensors);
  return bytes;
}

/**
 * Decodes what `encodeTensorFile` wrote. The tensors are copies.
 *
 * @throws {ModelFileError} if the file is incomplete, too long, or holds tensors of other types
 * than float32
 */
export function decodeTensorFile(bytes: Uint8Array): {
  readonly tensors: readonly NamedTensor[];
  readonly metadata: Metadata;
} {
  const { tensors, metadata, values } = readHeader(bytes);
  const copied = [...tensors].map(([name, entry]) => ({ name, shape: entry.shape, values: floats(values, entry) }));
  return { tensors: copied, metadata };
}

function paddedJson(header: Record<string, unknown>): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(Math.ceil(json.length / ALIGNMENT) * ALIGNMENT).fill(" ".charCodeAt(0));
  padded.set(json);
  return padded;
}

function writeValues(bytes: Uint8Array, tensors: readonly NamedTensor[]): void {
  let offset = 0;
  for (const { values } of tensors) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
}

/**
 * Copies values, because their bytes may be unaligned. Not by `slice`, which does not copy for
 * Node's Buffer.
 */
function floats(values: Uint8Array, { start, end }: TensorEntry): Float32Array {
  return new Float32Array(new Uint8Array(values.subarray(start, end)).buffer);
}
