import { contentError, type Place } from "../../error/data-error.js";
import { TextBuilder } from "../../table/column-builder.js";
import { summaryOf } from "../../table/number-summary.js";
import type { Column, NumberArray } from "../../table/table.js";
import { halfToNumber } from "./half.js";
import { headerSize, type NpyHeader, type NpyType, parseHeader, prefixSize } from "./npy-header.js";

/** An array of an NPY file in row-major order. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly type: NpyType;
  /** Texts, or numbers; booleans are 0 and 1. */
  readonly values: NumberArray | readonly string[];
}

/** Fills a buffer from the next bytes of an array's file. */
export type Fill = (into: Uint8Array) => Promise<void>;

/** Largest array in bytes, as large as the largest file. */
const ARRAY_BYTES_MAX = 2 ** 31;

/** Reads an array. */
export async function readNpyArray(fill: Fill, place: Place): Promise<NpyArray> {
  const header = await readNpyHeader(fill, place);
  const count = header.shape.reduce((product, size) => product * size, 1);
  const size = count * header.type.size;
  if (size > ARRAY_BYTES_MAX)
    throw contentError(place, `the array has ${size} bytes, at most ${ARRAY_BYTES_MAX} are read`);
  const bytes = Buffer.from(new ArrayBuffer(size));
  await fill(bytes);
  if (header.type.bigEndian) swap(bytes, header.type);
  const values = decode(bytes, header.type, count);
  const ordered = header.fortranOrder && header.shape.length > 1 ? rowMajor(values, header.shape) : values;
  return { shape: header.shape, type: header.type, values: ordered };
}

async function readNpyHeader(fill: Fill, place: Place): Promise<NpyHeader> {
  const prefix = Buffer.alloc(12);
  await fill(prefix.subarray(0, 10));
  const rest = prefixSize(prefix[6] as number) - 10;
  if (rest > 0) await fill(prefix.subarray(10, 10 + rest));
  const text = Buffer.alloc(headerSize(prefix, place));
  await fill(text);
  return parseHeader(text.toString("latin1"), place);
}

/**
 * Returns a column for an array: numbers or texts for one value of each row, arrays for more.
 *
 * @throws {DataError} if rows hold several texts
 */
export function columnOfArray(name: string, { shape, type, values }: NpyArray, place: Place): Column {
  const count = shape[0] ?? 0;
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  if (width !== 1) {
    if (isNumbers(values)) return { kind: "array", name, width, values };
    throw contentError({ ...place, column: name }, "the array has several texts in each row; save each column apart");
  }
  if (isNumbers(values) && type.kind !== "b") {
    const numbers = values instanceof Float64Array ? values : Float64Array.from(values);
    const summary = summaryOf(numbers);
    return { kind: "numbers", name, values: { chunks: [numbers], shift: 30 }, dates: false, summary };
  }
  const texts = new TextBuilder(16);
  for (let row = 0; row < count; row++) texts.set(row, textOf(values[row] as number | string));
  return texts.build(name);
}

function textOf(value: number | string): string {
  return typeof value === "string" ? value : String(value === 1);
}

function isNumbers(values: NumberArray | readonly string[]): values is NumberArray {
  return ArrayBuffer.isView(values);
}

function swap(bytes: Buffer, { kind, size }: NpyType): void {
  const unit = kind === "U" ? 4 : size;
  if (kind === "S" || unit === 1) return;
  if (unit === 2) bytes.swap16();
  else if (unit === 4) bytes.swap32();
  else bytes.swap64();
}

function decode(bytes: Buffer, { kind, size }: NpyType, count: number): NumberArray | string[] {
  const { buffer } = bytes;
  switch (`${kind}${size}`) {
    case "i1":
      return new Int8Array(buffer);
    case "b1":
    case "u1":
      return new Uint8Array(buffer);
    case "i2":
      return new Int16Array(buffer);
    case "u2":
      return new Uint16Array(buffer);
    case "i4":
      return new Int32Array(buffer);
    case "u4":
      return new Uint32Array(buffer);
    case "i8":
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case "u8":
      return Float64Array.from(new BigUint64Array(buffer), Number);
    case "f2":
      return Float32Array.from(new Uint16Array(buffer), halfToNumber);
    case "f4":
      return new Float32Array(buffer);
    case "f8":
      return new Float64Array(buffer);
    default:
      return Array.from({ length: count }, (_, index) => text(bytes.subarray(index * size, (index + 1) * size), kind));
  }
}

/** Returns a text without the zeros that fill it up. */
function text(bytes: Buffer, kind: NpyType["kind"]): string {
  if (kind === "S") return bytes.toString("utf8").replace(/\0+$/, "");
  let result = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const point = bytes.readUInt32LE(at);
    if (point !== 0) result += String.fromCodePoint(Math.min(point, 0x10ffff));
  }
  return result;
}

/** Reorders an array whose first index varies fastest. */
function rowMajor<V extends NumberArray | string[]>(values: V, shape: readonly number[]): V {
  const result = values.slice() as V;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < values.length; to++) {
    result[to] = values[from] as never;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] as number;
      const next = (index[axis] as number) + 1;
      from += stride;
      index[axis] = next;
      if (next < (shape[axis] as number)) break;
      from -= stride * next;
      index[axis] = 0;
    }
  }
  return result;
}
