import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { StoreUnavailableError } from "../../../ports/study-log.js";
import { FilesystemSnapshotStore } from "./snapshot-files.js";

describe("snapshots in a folder", () => {
  let folder: string;
  let store: FilesystemSnapshotStore;
  let isLeading: boolean;

  const open = () => FilesystemSnapshotStore.open(folder, () => isLeading);

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sintonia-snapshots-"));
    isLeading = true;
    store = await open();
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function linesOf(studyId: string): Promise<string[]> {
    const lines: string[] = [];
    for await (const line of store.read(studyId)) lines.push(Buffer.from(line).toString());
    return lines;
  }

  it("are read line by line, the newest of each study", async () => {
    const long = "x".repeat(3_000_000);
    await store.write("one", [Buffer.from("old\n")]);
    await store.write("one", [Buffer.from("a\nb"), Buffer.from(`c\n${long}\n`)]);
    await store.write("two", [Buffer.from("other\n")]);
    assert.deepEqual(await linesOf("one"), ["a", "bc", long]);
    assert.deepEqual(await linesOf("two"), ["other"]);
    assert.deepEqual((await readdir(folder)).sort(), ["one.snapshot", "two.snapshot"]);
  });

  it("of an unknown study, or of a name that is no id, have no lines", async () => {
    await writeFile(path.join(folder, ".snapshot"), "x\n");
    for (const name of ["none", "", "../none", "a/b"]) assert.deepEqual(await linesOf(name), []);
  });

  it("stay as they are if a write fails in the middle, and nothing is left of it", async () => {
    await store.write("one", [Buffer.from("old\n")]);
    function* failing() {
      yield Buffer.from("new\n");
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    }
    await assert.rejects(store.write("one", failing()), StoreUnavailableError);
    assert.deepEqual(await linesOf("one"), ["old"]);
    assert.deepEqual(await readdir(folder), ["one.snapshot"]);
  });

  it("are found by the next process, without what a broken write has left", async () => {
    await store.write("one", [Buffer.from("a\n")]);
    await writeFile(path.join(folder, "one.snapshot.1234.draft"), "half");
    store = await open();
    assert.deepEqual(await linesOf("one"), ["a"]);
    assert.deepEqual(await readdir(folder), ["one.snapshot"]);
  });

  it("stay as they are if another coordinator leads at the end of a write", async () => {
    await store.write("one", [Buffer.from("old\n")]);
    isLeading = false;
    await assert.rejects(store.write("one", [Buffer.from("new\n")]), StoreUnavailableError);
    assert.deepEqual(await linesOf("one"), ["old"]);
    assert.deepEqual(await readdir(folder), ["one.snapshot"]);
  });

  it("can be deleted, twice", async () => {
    await store.write("one", [Buffer.from("a\n")]);
    await store.delete("one");
    await store.delete("one");
    assert.deepEqual(await linesOf("one"), []);
  });

  it("are stored as they were written", async () => {
    await store.write("one", [Buffer.from([1, 2, 10]), Buffer.from([255])]);
    assert.deepEqual([...(await readFile(path.join(folder, "one.snapshot")))], [1, 2, 10, 255]);
  });
});
