import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FakeStore, sha256Of } from "./files.fixture.js";
import { hashFile } from "./hash.js";
import { findFile } from "./local-file.js";
import { type HashedFile, missingFiles, uploadFile } from "./upload.js";

const CONTENT = Buffer.alloc(1_000_000, "0123456789");

async function hashed(context: TestContext): Promise<HashedFile & { readonly path: string }> {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-upload-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "data.csv");
  writeFileSync(path, CONTENT);
  const local = await findFile(folder, "data.csv");
  return { path, local, ref: await hashFile(local, () => undefined) };
}

const silent = { onProgress: () => undefined, delayMs: 1 };

test("uploads a file, and says how much of it has arrived", async (context) => {
  const store = new FakeStore();
  const file = await hashed(context);
  assert.deepEqual(await missingFiles(store.client, [file.ref]), [file.ref]);
  const progress: number[] = [];
  await uploadFile(store.client, file, { ...silent, onProgress: (done) => void progress.push(done) });
  assert.deepEqual(store.stored.get(sha256Of(CONTENT)), CONTENT);
  assert.deepEqual(progress, [262_144, 524_288, 786_432, 1_000_000, 1_000_000]);
  assert.deepEqual(await missingFiles(store.client, [file.ref]), []);
});

test("continues after each break of the connection", async (context) => {
  const store = new FakeStore();
  store.breaks.push(300_000, 700_000, 800_000);
  await uploadFile(store.client, await hashed(context), silent);
  assert.deepEqual(store.stored.get(sha256Of(CONTENT)), CONTENT);
  assert.deepEqual(store.offsets, [0, 524_288, 786_432, 1_000_000]);
});

test("begins again if the coordinator's part is damaged", async (context) => {
  const store = new FakeStore();
  store.partial.set(sha256Of(CONTENT), Buffer.alloc(500_000));
  await uploadFile(store.client, await hashed(context), silent);
  assert.deepEqual(store.offsets, [500_000, 0]);
  assert.deepEqual(store.stored.get(sha256Of(CONTENT)), CONTENT);
});

test("gives up after ten breaks without progress, and not before", async (context) => {
  const store = new FakeStore();
  const file = await hashed(context);
  store.breaks.push(...Array<number>(8).fill(0), 300_000, ...Array<number>(20).fill(0));
  await assert.rejects(uploadFile(store.client, file, silent), /Connection dropped/);
  assert.equal(store.offsets.length, 19);
});

test("names both checksums of a file that changes or shrinks while it is uploaded", async (context) => {
  for (const change of [
    (path: string) => writeFileSync(path, Buffer.alloc(CONTENT.length)),
    (path: string) => truncateSync(path, 600_000),
  ]) {
    const store = new FakeStore();
    const file = await hashed(context);
    store.onChunk = () => change(file.path);
    await assert.rejects(uploadFile(store.client, file, silent), ({ message }: Error) => {
      assert.match(
        message,
        /data.csv: it changed while it was uploaded: its SHA-256 was [0-9a-f]{64} and is [0-9a-f]{64}/,
      );
      return true;
    });
    assert.equal(store.stored.size, 0);
  }
});

test("uploads the bytes that were hashed, although the file grows", async (context) => {
  const store = new FakeStore();
  const file = await hashed(context);
  appendFileSync(file.path, "more");
  await uploadFile(store.client, file, silent);
  assert.deepEqual(store.stored.get(sha256Of(CONTENT)), CONTENT);
});

test("explains a file that is gone", async (context) => {
  const file = await hashed(context);
  rmSync(file.path);
  await assert.rejects(uploadFile(new FakeStore().client, file, silent), /data.csv: there is no such file/);
});
