import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { FilesystemArtifactStore } from "@sintonia/coordinator/adapters/filesystem/artifact-store";
import { FilesystemCheckpointStore } from "@sintonia/coordinator/adapters/filesystem/checkpoint-store";
import { FilesystemFileStore } from "@sintonia/coordinator/adapters/filesystem/file-store";
import { FilesystemOutputStore } from "@sintonia/coordinator/adapters/filesystem/output/output-store";
import { ArtifactMismatchError, ArtifactMissingError } from "@sintonia/coordinator/ports/artifact-store";
import { StoreUnavailableError } from "@sintonia/coordinator/ports/study-log";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { collect } from "../support/collect.js";
import { artifactStoreContract, inChunks, keyOf, sample } from "./artifact-store.js";
import { checkpointStoreContract } from "./checkpoint-store.js";
import { broken, fileStoreContract } from "./file-store.js";
import { outputStoreContract } from "./output-store.js";

const newFolder = (): Promise<string> => mkdtemp(path.join(tmpdir(), "sintonia-artifacts-"));

checkpointStoreContract("filesystem", async () => {
  const folder = await newFolder();
  return { store: await FilesystemCheckpointStore.open(folder), close: () => rm(folder, { recursive: true }) };
});

artifactStoreContract("filesystem", async () => {
  const folder = await newFolder();
  return { store: await FilesystemArtifactStore.open(folder), close: () => rm(folder, { recursive: true }) };
});

fileStoreContract("filesystem", async () => {
  const folder = await newFolder();
  return { store: await FilesystemFileStore.open(folder), close: () => rm(folder, { recursive: true }) };
});

outputStoreContract("filesystem", async () => {
  const folder = await newFolder();
  return { store: new FilesystemOutputStore(folder), close: () => rm(folder, { recursive: true }) };
});

describe("output store: filesystem only", () => {
  const key = { studyId: studyIdOf("study"), trialId: trialIdOf("3"), attempt: 1 };
  let folder: string;
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => rm(folder, { recursive: true }));

  const textOf = async (store: FilesystemOutputStore): Promise<string> =>
    Buffer.concat((await store.read(key, 0)).map(({ bytes }) => bytes)).toString();

  it("continues after a restart, and where a write broke off", async () => {
    await new FilesystemOutputStore(folder).append(key, { offset: 0, bytes: Buffer.from("0123456789") });
    await writeFile(path.join(folder, "study", "3", "1-0"), "01234");
    const after = new FilesystemOutputStore(folder);
    assert.equal(await after.append(key, { offset: 0, bytes: Buffer.from("0123456789") }), 10);
    assert.equal(await after.append(key, { offset: 10, bytes: Buffer.from("ab") }), 12);
    assert.equal(await textOf(after), "0123456789ab");
  });

  it("goes on after its folder was deleted, and passes over files of others", async () => {
    const store = new FilesystemOutputStore(folder);
    await store.append(key, { offset: 0, bytes: Buffer.from("lost") });
    await rm(path.join(folder, "study"), { recursive: true });
    assert.equal(await store.append(key, { offset: 4, bytes: Buffer.from("kept") }), 8);
    await writeFile(path.join(folder, "study", "3", "notes.txt"), "mine");
    assert.deepEqual(await store.attempts(key), [1]);
    assert.deepEqual(
      (await store.read(key, 0)).map(({ offset }) => offset),
      [4],
    );
  });

  it("refuses what cannot be stored, names the place and the reason, and goes on later", async () => {
    const store = new FilesystemOutputStore(folder);
    await writeFile(path.join(folder, "study"), "taken");
    const refused = store.append(key, { offset: 0, bytes: Buffer.from("x") });
    await assert.rejects(refused, namesPlaceAndReason(folder));
    await rm(path.join(folder, "study"));
    assert.equal(await store.append(key, { offset: 0, bytes: Buffer.from("x") }), 1);
  });
});

describe("file store: filesystem only", () => {
  const content = sample(700_001);
  const file = keyOf(content);
  let folder: string;
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => rm(folder, { recursive: true }));

  const rest = (offset: number) => inChunks(content.subarray(offset), 50_000);

  it("continues an upload that broke off, or was under way, when the process before ended", async () => {
    const before = await FilesystemFileStore.open(folder);
    await assert.rejects(before.put(broken(200_000), file, 0), /the sender is gone/);
    assert.equal(await (await FilesystemFileStore.open(folder)).receivedBytes(file.sha256), 200_000);
    await writeFile(path.join(folder, "unfinished", `${file.sha256}.draft`), content.subarray(0, 300_000));
    await writeFile(path.join(folder, "unfinished", "left-behind"), "half");
    const after = await FilesystemFileStore.open(folder);
    assert.deepEqual(await readdir(path.join(folder, "unfinished")), []);
    assert.equal(await after.receivedBytes(file.sha256), 300_000);
    await after.put(rest(300_000), file, 300_000);
    assert.deepEqual(Buffer.concat(await collect(after.open(file.sha256, 0))), content);
    assert.deepEqual(await readdir(path.join(folder, "partial")), []);
  });

  it("deletes the bytes of an upload that broke off a day ago", async () => {
    let now = Date.now();
    const store = await FilesystemFileStore.open(folder, { wallTime: () => new Date(now) });
    await assert.rejects(store.put(broken(200_000), file, 0), /the sender is gone/);
    now += 23 * 3_600_000;
    await store.put(inChunks(sample(5), 5), keyOf(sample(5)), 0);
    assert.equal(await store.receivedBytes(file.sha256), 200_000);
    now += 2 * 3_600_000;
    await store.put(inChunks(sample(6), 6), keyOf(sample(6)), 0);
    assert.equal(await store.receivedBytes(file.sha256), 0);
  });

  it("deletes a file that it finds damaged, so that it can be stored again", async () => {
    const store = await FilesystemFileStore.open(folder);
    for (const offset of [0, 500_000]) {
      await store.put(rest(0), file, 0);
      await writeFile(path.join(folder, file.sha256.slice(0, 2), file.sha256), Buffer.alloc(content.length));
      await assert.rejects(collect(store.open(file.sha256, offset)), ArtifactMismatchError);
      assert.equal(await store.sizeOf(file.sha256), undefined);
      await assert.rejects(store.checkedPath(file.sha256), ArtifactMissingError);
    }
    await store.put(rest(0), file, 0);
    const place = await store.checkedPath(file.sha256);
    assert.deepEqual(await readFile(place), content);
    await writeFile(place, Buffer.alloc(content.length));
    await assert.rejects(store.checkedPath(file.sha256), ArtifactMismatchError);
  });

  it("refuses a file for which the disk has no room before it reads a chunk", async () => {
    const store = await FilesystemFileStore.open(folder);
    const unread: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => assert.fail("was read") };
    const huge = { ...file, sizeBytes: Number.MAX_SAFE_INTEGER };
    await assert.rejects(store.put(unread, huge, 0), { name: "NoRoomError", message: /needs \d+ MiB, .* has \d+ MiB/ });
  });

  it("keeps nothing of an upload that it cannot write, and names the reason", async () => {
    const store = await FilesystemFileStore.open(folder);
    await rm(path.join(folder, "unfinished"), { recursive: true });
    await writeFile(path.join(folder, "unfinished"), "taken");
    await assert.rejects(store.put(rest(0), file, 0), namesPlaceAndReason(folder));
    assert.equal(await store.receivedBytes(file.sha256), 0);
  });
});

describe("artifact store: filesystem only", () => {
  const content = sample(100_000);
  const key = keyOf(content);
  let folder: string;
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("contains artifacts that an earlier process stored", async () => {
    const before = await FilesystemArtifactStore.open(folder);
    await before.put(inChunks(content, 5000), key);
    const after = await FilesystemArtifactStore.open(folder);
    assert.deepEqual(Buffer.concat(await collect(after.open(key.sha256))), content);
  });

  it("leaves no unfinished file after a refusal, and deletes those of a process that died", async () => {
    const store = await FilesystemArtifactStore.open(folder);
    await assert.rejects(store.put(inChunks(content, 5000), { ...key, sizeBytes: 1 }), ArtifactMismatchError);
    assert.deepEqual(await readdir(path.join(folder, "unfinished")), []);
    await writeFile(path.join(folder, "unfinished", "left-behind"), "half");
    await FilesystemArtifactStore.open(folder);
    assert.deepEqual(await readdir(path.join(folder, "unfinished")), []);
  });

  it("detects and names a stored file that was changed", async () => {
    const store = await FilesystemArtifactStore.open(folder);
    await store.put(inChunks(content, 5000), key);
    const file = path.join(folder, key.sha256.slice(0, 2), key.sha256);
    await writeFile(file, content.subarray(1));
    await assert.rejects(collect(store.open(key.sha256)), (error: Error) => {
      assert.ok(error instanceof ArtifactMismatchError);
      assert.ok(error.message.includes(file), error.message);
      return true;
    });
  });

  it("replaces a stored file that was truncated or changed when the artifact arrives again", async () => {
    const store = await FilesystemArtifactStore.open(folder);
    const file = path.join(folder, key.sha256.slice(0, 2), key.sha256);
    for (const damaged of [content.subarray(1), Buffer.alloc(content.length), Buffer.alloc(0)]) {
      await store.put(inChunks(content, 5000), key);
      await writeFile(file, damaged);
      await store.put(inChunks(content, 5000), key);
      assert.deepEqual(Buffer.concat(await collect(store.open(key.sha256))), content);
    }
  });

  it("names folder and reason if it cannot write, when it is opened and later", async () => {
    const occupied = path.join(folder, "occupied");
    await writeFile(occupied, "a file where a folder should be");
    await assert.rejects(FilesystemArtifactStore.open(path.join(occupied, "store")), namesPlaceAndReason(occupied));
    const store = await FilesystemArtifactStore.open(path.join(folder, "store"));
    await rm(path.join(folder, "store"), { recursive: true });
    await writeFile(path.join(folder, "store"), "taken");
    await assert.rejects(store.put(inChunks(content, 5000), key), namesPlaceAndReason(path.join(folder, "store")));
    await rm(path.join(folder, "store"));
    await mkdir(path.join(folder, "store"));
    await assert.rejects(store.put(inChunks(content, 5000), key), StoreUnavailableError);
  });
});

function namesPlaceAndReason(place: string): (error: Error) => boolean {
  return (error) => {
    assert.ok(error instanceof StoreUnavailableError, String(error));
    assert.match(error.message, /not a directory/);
    assert.ok(error.message.includes(place), error.message);
    return true;
  };
}
