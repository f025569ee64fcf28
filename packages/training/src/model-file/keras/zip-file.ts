// Writes zip archives whose files are stored without compression.

import { crc32 } from "node:zlib";
import { ByteFile } from "./byte-file.js";

/** A file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const VERSION = 20;
/** The first date that the format can express, 1 January 1980: equal files give equal archives. */
const DATE = (1 << 5) | 1;

/** Encodes files as a zip archive. The same files give the same bytes. */
export function encodeZip(entries: readonly ZipEntry[]): Uint8Array {
  const archive = new ByteFile();
  const directory = new ByteFile();
  for (const { name, bytes } of entries) {
    const description = describe(name, bytes);
    const offset = archive.length;
    archive.u32(0x04034b50).raw(description.bytes()).ascii(name).raw(bytes);
    directory.u32(0x02014b50).u16(VERSION).raw(description.bytes());
    // No comment, disk 0, no attributes.
    directory.u16(0).u16(0).u16(0).u32(0).u32(offset).ascii(name);
  }
  const start = archive.length;
  archive.raw(directory.bytes()).u32(0x06054b50).u16(0).u16(0).u16(entries.length).u16(entries.length);
  return archive.u32(directory.length).u32(start).u16(0).bytes();
}

/** Returns the fields that a file's header and its entry in the directory share. */
function describe(name: string, bytes: Uint8Array): ByteFile {
  const fields = new ByteFile().u16(VERSION).u16(0).u16(0).u16(0).u16(DATE).u32(crc32(bytes));
  return fields.u32(bytes.length).u32(bytes.length).u16(name.length).u16(0);
}
