import { ModelFileError } from "./model-file-error.js";

/** The position of a float32 tensor in a file. */
export interface TensorEntry {
  readonly shape: readonly number[];
  /** Byte range within the values. */
  readonly start: number;
  readonly end: number;
}

/** The parts of a safetensors file. */
interface SafetensorsContent {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** Bytes of all tensors, one after the other. */
  readonly values: Uint8Array;
}

/** Limit that the format sets. A longer header is refused. */
const HEADER_MAX_BYTES = 100_000_000;

/**
 * Splits a file into its parts. The tensors must cover the values without gaps and overlaps, in
 * the order of the header.
 *
 * @throws {ModelFileError} if the file violates the format
 */
export function readHeader(bytes: Uint8Array): SafetensorsContent {
  const header = parseHeader(bytes);
  const values = bytes.subarray(8 + header.byteLength);
  const tensors = new Map<string, TensorEntry>();
  let covered = 0;
  for (const [name, entry] of Object.entries(header.content)) {
    if (name === "__metadata__") continue;
    const tensor = readEntry(name, entry);
    if (tensor.start !== covered) throw new ModelFileError(`${name} does not start where the tensor before it ends`);
    covered = tensor.end;
    tensors.set(name, tensor);
  }
  if (covered !== values.length) {
    throw new ModelFileError(`the header describes ${covered} bytes of values, the file holds ${values.length}`);
  }
  return { metadata: readMetadata(header.content["__metadata__"]), tensors, values };
}

function parseHeader(bytes: Uint8Array): { readonly content: Record<string, unknown>; readonly byteLength: number } {
  if (bytes.length < 8) throw new ModelFileError(`a model file of ${bytes.length} bytes is incomplete`);
  const byteLength = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (byteLength > HEADER_MAX_BYTES || byteLength > bytes.length - 8) {
    throw new ModelFileError(`a header of ${byteLength} bytes does not fit into a file of ${bytes.length}`);
  }
  try {
    const content: unknown = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + byteLength)),
    );
    if (isRecord(content)) return { content, byteLength };
  } catch (cause) {
    throw new ModelFileError("the header is not JSON", { cause });
  }
  throw new ModelFileError("the header is not a JSON object");
}

function readEntry(name: string, entry: unknown): TensorEntry {
  if (!isRecord(entry) || entry["dtype"] !== "F32") throw new ModelFileError(`${name} is not a float32 tensor`);
  const { shape, data_offsets: offsets } = entry;
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw new ModelFileError(`${name} has no valid shape or no valid offsets`);
  }
  const [start, end] = offsets as [number, number];
  const count = shape.reduce((product, size) => product * size, 1);
  if (end - start !== count * Float32Array.BYTES_PER_ELEMENT) {
    throw new ModelFileError(`${name} of shape [${shape.join(", ")}] cannot have ${end - start} bytes`);
  }
  return { shape, start, end };
}

function readMetadata(value: unknown): Record<string, string> {
  const texts = Object.entries(isRecord(value) ? value : {}).filter(([, text]) => typeof text === "string");
  return Object.fromEntries(texts) as Record<string, string>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
