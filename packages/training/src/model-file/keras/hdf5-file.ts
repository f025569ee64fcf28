// Writes HDF5 files of version 0: groups with names, and float32 data sets without attributes,
// chunks and compression. Every reader of HDF5 knows this form.
//
// Superblock -> root group. A group is an object header that names a B-tree and a heap; the B-tree
// has one node with the group's entries in the order of their names, the heap has the names. A data
// set is an object header with its shape, its type, and the address of its values.

import { ByteFile } from "./byte-file.js";

/** A float32 data set. */
export interface Hdf5DataSet {
  readonly shape: readonly number[];
  /** Values in row-major order. */
  readonly values: Float32Array;
}

/** A group: data sets and groups by name. */
export interface Hdf5Group {
  readonly [name: string]: Hdf5DataSet | Hdf5Group;
}

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const SUPERBLOCK_BYTES = 96;
/** Children of a B-tree node, halved. The node of a group has one child; 16 is the usual size. */
const INTERNAL_K = 16;
/** Mark of a free list without entries. */
const NO_FREE_BLOCK = 1;
const SYMBOL_ENTRY_BYTES = 40;

/** Types of the messages of an object header. */
const MESSAGE = {
  dataspace: 0x0001,
  datatype: 0x0003,
  fillValue: 0x0005,
  layout: 0x0008,
  symbolTable: 0x0011,
} as const;

/** Encodes a tree of groups as an HDF5 file. */
export function encodeHdf5(root: Hdf5Group): Uint8Array {
  const file = new ByteFile();
  file.reserve(SUPERBLOCK_BYTES);
  const leafK = Math.ceil(largestGroup(root) / 2);
  const group = writeGroup(file, root, leafK);
  file.writeAt(0, superblock(group, file.length, leafK));
  return file.bytes();
}

interface Group {
  readonly header: number;
  readonly tree: number;
  readonly heap: number;
}

function isDataSet(node: Hdf5DataSet | Hdf5Group): node is Hdf5DataSet {
  return node["values"] instanceof Float32Array;
}

function largestGroup(group: Hdf5Group): number {
  const groups = Object.values(group).filter((node) => !isDataSet(node)) as Hdf5Group[];
  return Math.max(2, Object.keys(group).length, ...groups.map(largestGroup));
}

/** Writes the members of a group and then the group. */
function writeGroup(file: ByteFile, group: Hdf5Group, leafK: number): Group {
  const names = Object.keys(group).sort();
  const headers = names.map((name) => {
    const node = group[name] as Hdf5DataSet | Hdf5Group;
    return isDataSet(node) ? writeDataSet(file, node) : writeGroup(file, node, leafK).header;
  });
  const { heap, offsets } = writeHeap(file, names);
  const entries = headers.map((header, i) => ({ name: offsets[i] as number, header }));
  const tree = writeTree(file, entries, leafK);
  const message = new ByteFile().u64(tree).u64(heap);
  return { header: writeHeader(file, [[MESSAGE.symbolTable, message]]), tree, heap };
}

/** Writes the names of a group's members. The first name of a heap is empty. */
function writeHeap(file: ByteFile, names: readonly string[]): { readonly heap: number; readonly offsets: number[] } {
  const text = new ByteFile().reserve(8);
  const offsets = names.map((name) => {
    const offset = text.length;
    text.ascii(`${name}\0`).align();
    return offset;
  });
  const data = file.append(text);
  const heap = file.append(new ByteFile().ascii("HEAP").u32(0).u64(text.length).u64(NO_FREE_BLOCK).u64(data));
  return { heap, offsets };
}

interface SymbolEntry {
  /** Offset of the name in the heap. */
  readonly name: number;
  /** Address of the object header. */
  readonly header: number;
}

function writeTree(file: ByteFile, entries: readonly SymbolEntry[], leafK: number): number {
  const node = new ByteFile().ascii("SNOD").u8(1).u8(0).u16(entries.length);
  for (const { name, header } of entries)
    node
      .u64(name)
      .u64(header)
      .reserve(SYMBOL_ENTRY_BYTES - 16);
  const leaf = file.append(node.reserve((2 * leafK - entries.length) * SYMBOL_ENTRY_BYTES));
  const tree = new ByteFile()
    .ascii("TREE")
    .u8(0)
    .u8(0)
    .u16(entries.length === 0 ? 0 : 1)
    .undefinedAddress()
    .undefinedAddress();
  tree
    .u64(0)
    .u64(leaf)
    .u64(entries.at(-1)?.name ?? 0);
  return file.append(tree.reserve(2 * (2 * INTERNAL_K - 1) * 8));
}

function writeDataSet(file: ByteFile, { shape, values }: Hdf5DataSet): number {
  const address = file.append(new ByteFile().raw(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));
  const dataspace = new ByteFile().u8(1).u8(shape.length).reserve(6);
  for (const size of shape) dataspace.u64(size);
  return writeHeader(file, [
    [MESSAGE.dataspace, dataspace],
    [MESSAGE.datatype, float32Type()],
    [MESSAGE.fillValue, new ByteFile().u8(2).u8(1).u8(0).u8(0)],
    [MESSAGE.layout, new ByteFile().u8(3).u8(1).u64(address).u64(values.byteLength)],
  ]);
}

/**
 * Describes IEEE 754 float32, little-endian: class 1 of version 1; sign in bit 31; exponent of 8
 * bits from bit 23 on, with the bias 127; mantissa of 23 bits whose highest bit is implied.
 */
function float32Type(): ByteFile {
  return new ByteFile().u8(0x11).u8(0x20).u8(31).u8(0).u32(4).u16(0).u16(32).u8(23).u8(8).u8(0).u8(23).u32(127);
}

/** Writes an object header of version 1. The length of each message is a multiple of 8. */
function writeHeader(file: ByteFile, messages: readonly (readonly [type: number, body: ByteFile])[]): number {
  const body = new ByteFile();
  for (const [type, message] of messages) {
    message.align();
    body.u16(type).u16(message.length).u32(0).raw(message.bytes());
  }
  const prefix = new ByteFile().u8(1).u8(0).u16(messages.length).u32(1).u32(body.length).u32(0);
  return file.append(prefix.raw(body.bytes()));
}

function superblock({ header, tree, heap }: Group, fileBytes: number, leafK: number): ByteFile {
  const block = new ByteFile().raw(Uint8Array.from(SIGNATURE));
  // Versions of superblock, free space, root group and shared messages, all 0; offsets and lengths
  // have 8 bytes.
  block.u32(0).u8(0).u8(8).u8(8).u8(0).u16(leafK).u16(INTERNAL_K).u32(0);
  block.u64(0).undefinedAddress().u64(fileBytes).undefinedAddress();
  // The entry of the root group, with the addresses of its B-tree and its heap.
  return block.u64(0).u64(header).u32(1).u32(0).u64(tree).u64(heap);
}
