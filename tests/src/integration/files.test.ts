// Files of studies over real gRPC, real files and a connection that breaks: from the command line
// program through the coordinator to trainers.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { hashFile } from "@sintonia/cli/study/files/hash";
import { findFile } from "@sintonia/cli/study/files/local-file";
import { type HashedFile, uploadFile } from "@sintonia/cli/study/files/upload";
import { FilesystemArtifactStore } from "@sintonia/coordinator/adapters/filesystem/artifact-store";
import { FilesystemFileStore } from "@sintonia/coordinator/adapters/filesystem/file-store";
import { adminService } from "@sintonia/coordinator/adapters/grpc/admin-service";
import { trainerService } from "@sintonia/coordinator/adapters/grpc/trainer-service";
import { FileCache } from "@sintonia/files/cache/file-cache";
import type { FileOrigin } from "@sintonia/files/contract/file-source";
import { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import type { FileRef } from "@sintonia/protocol/file";
import { connectAdminService, connectTrainerService } from "@sintonia/runtime/grpc/client";
import { OPEN_DOORS } from "@sintonia/runtime/grpc/security/server-security";
import { service, startGrpcServer } from "@sintonia/runtime/grpc/server";
import { createLogger } from "@sintonia/runtime/logger";
import { CoordinatorFiles } from "@sintonia/trainer/adapters/grpc/file-origin";
import { Status } from "nice-grpc";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.js";

const LIMIT = { timeout: 300_000 };
const MB = 1_000_000;
const never = new AbortController().signal;
const logger = createLogger({ service: "files", instance: "test", level: "silent" });

/** A coordinator's calls for files behind a connection that breaks on demand, and its clients. */
async function start(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "sintonia-files-"));
  const files = await FilesystemFileStore.open(join(folder, "store"));
  // The calls for files need nothing else.
  const artifacts = await FilesystemArtifactStore.open(join(folder, "artifacts"));
  const state = { files, artifacts } as never;
  const server = await startGrpcServer({
    host: "127.0.0.1",
    port: 0,
    services: [
      service(AdminServiceDefinition, adminService(state)),
      service(TrainerServiceDefinition, trainerService(state)),
    ],
    logger,
    doors: OPEN_DOORS,
  });
  const proxy = await startTcpProxy({ host: "127.0.0.1", port: server.port });
  const admin = connectAdminService(`127.0.0.1:${proxy.port}`);
  const trainer = connectTrainerService(`127.0.0.1:${proxy.port}`);
  const caches: FileCache[] = [];
  context.after(async () => {
    for (const cache of caches) cache.close();
    admin.close();
    trainer.close();
    await proxy.close();
    await server.stop(0);
    await rm(folder, { recursive: true });
  });
  const cache = (origin: FileOrigin = new CoordinatorFiles(trainer.client)): FileCache => {
    const opened = new FileCache({ folder: join(folder, "cache"), bytesMax: 1_000 * MB, origin, logger });
    caches.push(opened);
    return opened;
  };
  return { folder, files, proxy, admin: admin.client, trainer: trainer.client, cache };
}

/** Writes a file of random megabytes, no two of them alike. */
async function fileOf(folder: string, megabytes: number): Promise<HashedFile> {
  await mkdir(folder, { recursive: true });
  const handle = await open(join(folder, "data.bin"), "w");
  const block = randomBytes(MB);
  for (let n = 0; n < megabytes; n++) {
    block.writeUInt32LE(n);
    await handle.write(block);
  }
  await handle.close();
  const local = await findFile(folder, "data.bin");
  return { local, ref: await hashFile(local, () => undefined) };
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  const handle = await open(path);
  for await (const chunk of handle.createReadStream()) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Returns a receiver of progress that breaks the connection once. */
function breakingAfter(bytes: number, proxy: TcpProxy): (bytesDone: number) => void {
  let isDone = false;
  return (bytesDone) => {
    if (isDone || bytesDone < bytes) return;
    isDone = true;
    proxy.cut();
    setImmediate(() => proxy.heal());
  };
}

test("a file of 300 MB reaches the trainer over connections that break in the middle", LIMIT, async (context) => {
  const { folder, proxy, admin, trainer, cache } = await start(context);
  const file = await fileOf(folder, 300);
  const progress: number[] = [];
  const breakUpload = breakingAfter(100 * MB, proxy);
  const onProgress = (bytesDone: number): void => {
    progress.push(bytesDone);
    breakUpload(bytesDone);
  };
  await uploadFile(admin, file, { onProgress });
  const restarts = progress.filter((done, index) => done < (progress[index - 1] ?? 0));
  assert.equal(restarts.length, 1);
  assert.ok((restarts[0] ?? 0) > 50 * MB, `the second upload began at ${restarts[0]}`);

  const offsets: number[] = [];
  const breakDownload = breakingAfter(150 * MB, proxy);
  const origin = new CoordinatorFiles(trainer);
  const breaking: FileOrigin = {
    async *read(ref, offset, signal) {
      offsets.push(offset);
      let bytesDone = offset;
      for await (const bytes of origin.read(ref, offset, signal)) {
        yield bytes;
        bytesDone += bytes.length;
        breakDownload(bytesDone);
      }
    },
  };
  const path = await cache(breaking).fetch(file.ref, never);
  assert.equal(offsets.length, 2);
  assert.ok((offsets[1] ?? 0) >= 150 * MB, `the second download began at ${offsets[1]}`);
  assert.equal(await sha256OfFile(path), file.ref.sha256);
});

test("two clients upload one file at once, and two trainers fetch it once", LIMIT, async (context) => {
  const { folder, files, admin, trainer, cache } = await start(context);
  const file = await fileOf(folder, 20);
  const onProgress = () => undefined;
  await Promise.all([uploadFile(admin, file, { onProgress }), uploadFile(admin, file, { onProgress })]);
  assert.deepEqual(await files.list(), [file.ref.sha256]);
  assert.deepEqual(await readdir(join(folder, "store", "unfinished")), []);
  let reads = 0;
  const origin = new CoordinatorFiles(trainer);
  const counted: FileOrigin = {
    read: (...args) => {
      reads += 1;
      return origin.read(...args);
    },
  };
  const paths = await Promise.all([cache(counted).fetch(file.ref, never), cache(counted).fetch(file.ref, never)]);
  assert.equal(await sha256OfFile(paths[0]), file.ref.sha256);
  assert.equal(paths[1], paths[0]);
  assert.equal(reads, 1);
});

test("wrong bytes are refused with both checksums, and nothing of them stays", LIMIT, async (context) => {
  const { folder, admin } = await start(context);
  const file = await fileOf(folder, 2);
  const wrong = { ...file, ref: { ...file.ref, sha256: "0".repeat(64) as FileRef["sha256"] } };
  await assert.rejects(uploadFile(admin, wrong, { onProgress: () => undefined }), {
    message: new RegExp(`its SHA-256 was 0{64} and is ${file.ref.sha256}`),
  });
  await assert.rejects(
    admin.uploadFile(messages({ ...file.ref, sizeBytes: 5 }, Buffer.from("hello"))),
    ({ code, details }: { code: Status; details: string }) => {
      assert.equal(code, Status.DATA_LOSS);
      const arrived = createHash("sha256").update("hello").digest("hex");
      assert.ok(details.includes(file.ref.sha256) && details.includes(arrived), details);
      return true;
    },
  );
  assert.deepEqual(await readdir(join(folder, "store", "unfinished")), []);
  assert.deepEqual(await readdir(join(folder, "store", "partial")), []);
});

test(
  "a file that the coordinator finds damaged can be uploaded again, and the fetch succeeds",
  LIMIT,
  async (context) => {
    const { folder, admin, cache } = await start(context);
    const file = await fileOf(folder, 2);
    const onProgress = () => undefined;
    await uploadFile(admin, file, { onProgress });
    const stored = join(folder, "store", file.ref.sha256.slice(0, 2), file.ref.sha256);
    await writeFile(stored, Buffer.alloc(file.ref.sizeBytes));
    await assert.rejects(
      cache().fetch(file.ref, never),
      /the coordinator (has damaged bytes of|does not store) it .*; to upload it, repeat the command/,
    );
    await uploadFile(admin, file, { onProgress });
    const path = await cache().fetch(file.ref, never);
    assert.deepEqual(await readFile(path), await readFile(file.local.absolutePath));
  },
);

test("refuses offsets, sizes and messages that no client of ours sends", LIMIT, async (context) => {
  const { folder, admin, trainer } = await start(context);
  const { ref } = await fileOf(folder, 1);
  const chunk = Buffer.alloc(10);
  const refusals: ReadonlyArray<[object, Status, RegExp]> = [
    [{ ...ref, sizeBytes: 2 ** 31 + 1 }, Status.INVALID_ARGUMENT, /header.file.size_bytes: received 2147483649/],
    [{ ...ref, sha256: "../../x" }, Status.INVALID_ARGUMENT, /header.file.sha256/],
  ];
  for (const [wrong, code, details] of refusals)
    await assert.rejects(admin.uploadFile(messages(wrong as FileRef, chunk)), { code, details });
  await assert.rejects(admin.uploadFile(messages(ref, chunk, 1)), {
    code: Status.OUT_OF_RANGE,
    details: /only 0 bytes/,
  });
  await assert.rejects(admin.uploadFile((async function* () {})()), { code: Status.INVALID_ARGUMENT });
  await assert.rejects(admin.hasFiles({ files: Array(1_001).fill({ ...ref }) }), {
    code: Status.INVALID_ARGUMENT,
    details: "files: received 1001 files, expected at most 1000.",
  });
  const read = async (sha256: string, offset: number): Promise<void> => {
    for await (const _ of trainer.downloadFile({ sha256, offset }));
  };
  await assert.rejects(read(ref.sha256, 0), { code: Status.NOT_FOUND });
  await assert.rejects(read("../../../etc/passwd", 0), { code: Status.INVALID_ARGUMENT });
  await uploadFile(admin, await fileOf(folder, 1), { onProgress: () => undefined });
});

async function* messages(file: FileRef, chunk: Buffer, offset = 0) {
  yield { part: { $case: "header" as const, value: { file: { ...file }, offset } } };
  yield { part: { $case: "chunk" as const, value: chunk } };
}
