// Faults of what is stored: bytes that change, and a JetStream without room.

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { connect } from "nats";

/** Size in bytes of the messages that fill JetStream, until only smaller ones find room. */
const BALLAST_BYTES = 1 << 17;

/**
 * Changes a byte in the middle of the newest file below a folder.
 *
 * @param form - of the file's name
 * @returns the name of the file; undefined if there is none
 */
export function flipNewest(folder: string, form: RegExp): string | undefined {
  const newest = filesBelow(folder)
    .filter((file) => form.test(path.basename(file)))
    .map((file) => ({ file, changedMs: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.changedMs - a.changedMs)[0]?.file;
  if (newest === undefined) return undefined;
  const bytes = readFileSync(newest);
  const middle = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  writeFileSync(newest, bytes);
  return path.basename(newest);
}

/** Fills JetStream for some time. */
export async function fillJetStream(url: string, lengthMs: number): Promise<void> {
  const connection = await connect({ servers: url });
  try {
    const { streams } = await connection.jetstreamManager();
    await streams.add({ name: "BALLAST", subjects: ["ballast"] });
    const stream = connection.jetstream();
    for (let size = BALLAST_BYTES; size >= 1; size >>= 1) {
      while (await isStored(() => stream.publish("ballast", new Uint8Array(size))));
    }
    await delay(lengthMs);
    await streams.delete("BALLAST");
  } finally {
    await connection.close();
  }
}

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

async function isStored(publish: () => Promise<unknown>): Promise<boolean> {
  return await publish().then(
    () => true,
    () => false,
  );
}
