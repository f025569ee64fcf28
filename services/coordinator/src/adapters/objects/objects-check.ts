import { createHash, randomUUID } from "node:crypto";
import { nameOf, SHA256 } from "@sintonia/protocol/names";
import type { NewObject, Objects } from "./objects.js";

/**
 * Checks that a store can be used: writes an object of a size, and deletes it.
 *
 * @param bytes - 0 only asks the store, which costs nothing that lasts
 * @throws {StoreUnavailableError}
 */
export async function checkObjects(objects: Objects, bytes: number): Promise<void> {
  const names = await objects.list("checks");
  if (bytes === 0) return;
  // Those of processes that died in a check.
  for (const name of names) await objects.delete(`checks/${name}`);
  await putBytes(objects, `checks/${randomUUID()}`, Buffer.alloc(bytes));
  for (const name of await objects.list("checks")) await objects.delete(`checks/${name}`);
}

/** Stores bytes that are in memory. */
export async function putBytes(objects: Objects, name: string, bytes: Uint8Array): Promise<void> {
  const sha256 = nameOf(SHA256, createHash("sha256").update(bytes).digest("hex"));
  const object: NewObject = { sha256, sizeBytes: bytes.length };
  await objects.put(name, once(bytes), object);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
