// The blocks of messages in the store of nats-server, and bytes that change in them.

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { NatsServer } from "./nats-server.js";

/** A message in a block of a stream: the offset in the file of a byte of each of its fields. */
export interface BlockRecord {
  readonly length: number;
  readonly sequence: number;
  readonly subject: number;
  readonly body: number;
  readonly checksum: number;
}

/** Folder of a stream in the store of a server. */
export function streamFolder({ store }: NatsServer, stream: string): string {
  return path.join(store, "jetstream", "$G", "streams", stream);
}

/**
 * Finds the messages of a block, deleted ones too: length (4 bytes, the highest bit for headers),
 * sequence (8), time (8), length of the subject (2), subject, with headers their length (4) and
 * the headers, body, checksum (8).
 */
export function recordsOf(block: Buffer): readonly BlockRecord[] {
  const records: BlockRecord[] = [];
  for (let at = 0; at < block.length; ) {
    const size = block.readUInt32LE(at);
    const length = size & 0x7fffffff;
    const subject = at + 22;
    const end = subject + block.readUInt16LE(at + 20);
    const body = size === length ? end : end + 4 + block.readUInt32LE(end);
    records.push({ length: at, sequence: at + 4, subject: subject + 3, body: body + 5, checksum: at + length - 3 });
    at += length;
  }
  return records;
}

/** Changes the byte at an offset of a file. */
export function flipByte(file: string, offset: number): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
  writeFileSync(file, bytes);
}
