import { contentError, type Place, shown } from "../../error/data-error.js";

/** The header of an NPY file. */
export interface NpyHeader {
  readonly type: NpyType;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** The type of the elements of an array. */
export interface NpyType {
  /** NumPy's kind: boolean, signed, unsigned, float, bytes, text of 4 bytes a character. */
  readonly kind: "b" | "i" | "u" | "f" | "S" | "U";
  readonly bigEndian: boolean;
  /** Bytes of an element. */
  readonly size: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Longest header that is read; NumPy's own limit is 10,000 characters. */
const HEADER_BYTES_MAX = 2 ** 20;

/** Bytes before the header's text: magic, version, length in 2 or 4 bytes. */
export function prefixSize(version: number): number {
  return version === 1 ? 10 : 12;
}

/**
 * Returns the length of the header's text.
 *
 * @param prefix - the first 12 bytes of the file
 */
export function headerSize(prefix: Buffer, place: Place): number {
  if (MAGIC.some((byte, index) => prefix[index] !== byte)) throw contentError(place, "not a NumPy array");
  const version = prefix[6] as number;
  if (version < 1 || version > 3) throw contentError(place, `unknown version ${version} of NumPy's format`);
  const size = version === 1 ? prefix.readUInt16LE(8) : prefix.readUInt32LE(8);
  if (size > HEADER_BYTES_MAX) throw contentError(place, "the header of the NumPy array is damaged");
  return size;
}

/** Reads the text of a header, a Python dictionary. */
export function parseHeader(text: string, place: Place): NpyHeader {
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const description = /'descr':\s*('[^']*'|\[)/.exec(text)?.[1];
  if (shape === undefined || order === undefined || description === undefined) {
    throw contentError(place, `the header of the NumPy array is damaged: ${shown(text.trim())}`);
  }
  const sizes = shape.split(",").filter((part) => part.trim() !== "");
  return { type: parseType(description, place), fortranOrder: order === "True", shape: sizes.map(Number) };
}

function parseType(description: string, place: Place): NpyType {
  const [, order, kind, digits] = /^'([<>|=])([a-zA-Z])(\d*)'$/.exec(description) ?? [];
  const size = Number(digits);
  const bigEndian = order === ">";
  if ((kind === "b" && size === 1) || (kind === "f" && [2, 4, 8].includes(size))) return { kind, bigEndian, size };
  if ((kind === "i" || kind === "u") && [1, 2, 4, 8].includes(size)) return { kind, bigEndian, size };
  if (kind === "S" && size > 0) return { kind, bigEndian, size };
  if (kind === "U" && size > 0) return { kind, bigEndian, size: 4 * size };
  throw contentError(place, `${REFUSED[kind ?? ""] ?? `elements of type ${description}`}${ADVICE}`);
}

const REFUSED: Readonly<Record<string, string>> = {
  O: "the array holds Python objects",
  V: "the array holds records",
  M: "the array holds dates",
  m: "the array holds durations",
  c: "the array holds complex numbers",
};
const ADVICE = "; save numbers, booleans or texts, for example x.astype('float32') or y.astype(str)";
