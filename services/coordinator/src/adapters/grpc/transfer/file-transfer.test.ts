import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { test } from "node:test";
import type { UploadFileRequest } from "@sintonia/proto/sintonia/v1/admin";
import { sha256Of } from "@sintonia/protocol/names.fixture";
import { Status } from "nice-grpc-common";
import { StoreUnavailableError } from "../../../ports/study-log.js";
import { MemoryArtifactStore } from "../../memory/artifact-store.js";
import { MemoryFileStore } from "../../memory/file-store.js";
import { presenceOf, readFile, receiveFile } from "./file-transfer.js";

const CONTENT = Buffer.from("a,b\n1,2\n");
const FILE = { sha256: sha256Of(createHash("sha256").update(CONTENT).digest("hex")), sizeBytes: CONTENT.length };
const present = new AbortController().signal;

async function* messages(...chunks: readonly Buffer[]): AsyncGenerator<UploadFileRequest> {
  yield { part: { $case: "header", value: { file: FILE, offset: 0 } } };
  for (const value of chunks) yield { part: { $case: "chunk", value } };
}

test("keeps what has arrived from a client that leaves, or that sends nothing more", async () => {
  const left = new AbortController();
  async function* leaving() {
    yield* messages(CONTENT.subarray(0, 3));
    left.abort();
  }
  async function* standing() {
    yield* messages(CONTENT.subarray(0, 5));
    await new Promise(() => undefined);
  }
  const store = new MemoryFileStore();
  await assert.rejects(receiveFile(store, leaving(), left.signal), { code: Status.CANCELLED });
  assert.deepEqual((await presenceOf(store, [FILE])).files, [{ sha256: FILE.sha256, stored: false, receivedBytes: 3 }]);
  await assert.rejects(receiveFile(store, standing(), present, 1), { code: Status.DEADLINE_EXCEEDED });
  assert.deepEqual((await presenceOf(store, [FILE])).files, [{ sha256: FILE.sha256, stored: false, receivedBytes: 5 }]);
  assert.deepEqual(await receiveFile(store, messages(CONTENT), present), { file: FILE });
  assert.deepEqual((await presenceOf(store, [FILE])).files, [{ sha256: FILE.sha256, stored: true, receivedBytes: 0 }]);
});

test("takes a file of another size under the same checksum for one that is not stored", async () => {
  const store = new MemoryFileStore();
  await receiveFile(store, messages(CONTENT), present);
  const [other] = (await presenceOf(store, [{ ...FILE, sizeBytes: 3 }])).files;
  assert.equal(other?.stored, false);
});

test("refuses a header among the chunks, and a stream without a header", async () => {
  const store = new MemoryFileStore();
  async function* twice() {
    yield* messages(CONTENT);
    yield* messages();
  }
  async function* headless() {
    yield { part: { $case: "chunk" as const, value: CONTENT } };
  }
  for (const wrong of [twice(), headless()])
    await assert.rejects(receiveFile(store, wrong, present), { code: Status.INVALID_ARGUMENT });
});

test("says that the store cannot be used", async () => {
  const fault = new StoreUnavailableError("cannot use /state: read-only file system");
  const broken = {
    put: () => Promise.reject(fault),
    sizeOf: () => Promise.reject(fault),
    receivedBytes: () => Promise.reject(fault),
    open: async function* () {
      yield* [];
      throw fault;
    },
  };
  const refused = { code: Status.UNAVAILABLE, details: fault.message };
  await assert.rejects(receiveFile(broken, messages(CONTENT), present), refused);
  await assert.rejects(presenceOf(broken, [FILE]), refused);
  const stores = { files: broken, artifacts: new MemoryArtifactStore() };
  await assert.rejects(readFile(stores, FILE.sha256, 0).next(), refused);
});

test("reads what a trial left from the artifacts, from an offset on", async () => {
  const artifacts = new MemoryArtifactStore();
  const stores = { files: new MemoryFileStore(), artifacts };
  await assert.rejects(readFile(stores, FILE.sha256, 0).next(), { code: Status.NOT_FOUND });
  await artifacts.put(Readable.from([CONTENT]), FILE);
  const parts: Buffer[] = [];
  for await (const { chunk } of readFile(stores, FILE.sha256, 2)) parts.push(chunk);
  assert.deepEqual(Buffer.concat(parts), CONTENT.subarray(2));
  const beyond = readFile(stores, FILE.sha256, CONTENT.length + 1).next();
  await assert.rejects(beyond, { code: Status.OUT_OF_RANGE });
});
