import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { FilesystemArtifactStore } from "@sintonia/coordinator/adapters/filesystem/artifact-store";
import { FilesystemCheckpointStore } from "@sintonia/coordinator/adapters/filesystem/checkpoint-store";
import { ArtifactMismatchError } from "@sintonia/coordinator/ports/artifact-store";
import { StoreUnavailableError } from "@sintonia/coordinator/ports/study-log";
import { collect } from "../support/collect.js";
import { artifactStoreContract, inChunks, keyOf, sample } from "./artifact-store.js";
import { checkpointStoreContract } from "./checkpoint-store.js";

const newFolder = (): Promise<string> => mkdtemp(path.join(tmpdir(), "sintonia-artifacts-"));

checkpointStoreContract("filesystem", async () => {
  const folder = await newFolder();
  return { store: await FilesystemCheckpointStore.open(folder), close: () => rm(folder, { recursive: true }) };
});

artifactStoreContract("filesystem", async () => {
  const folder = await newFolder();
  return { store: await FilesystemArtifactStore.open(folder), close: () => rm(folder, { recursive: true }) };
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
