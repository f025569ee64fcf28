import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { FileRef } from "@sintonia/protocol/file";
import { sha256Of } from "@sintonia/protocol/names.fixture";
import { createLogger } from "@sintonia/runtime/logger";
import { type FileOrigin, OriginFault } from "../contract/file-source.js";
import { FRESH_MS } from "./cache-folder.js";
import { FileCache } from "./file-cache.js";

const MIB = 2 ** 20;
const never = new AbortController().signal;
const logger = createLogger({ service: "trainer", instance: "test", level: "silent" });

/** An origin with contents, which breaks on demand and records where downloads begin. */
class FakeOrigin implements FileOrigin {
  readonly contents = new Map<string, Buffer>();
  readonly reads: Array<readonly [name: string, offset: number]> = [];
  /** Positions at which the next downloads break. */
  readonly breaks: number[] = [];
  /** Called before each part. */
  onPart: (position: number) => void = () => {};

  async *read({ sha256 }: FileRef, offset: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    this.reads.push([sha256.slice(0, 4), offset]);
    const content = this.contents.get(sha256);
    if (content === undefined) throw new OriginFault("nobody has it", "none");
    const breakAt = this.breaks.shift() ?? Number.POSITIVE_INFINITY;
    for (let start = offset; start < content.length; start += 1000) {
      this.onPart(start);
      signal.throwIfAborted();
      if (start >= breakAt) throw new OriginFault("the connection broke", "unlimited");
      yield content.subarray(start, start + 1000);
    }
  }

  /** Adds a content of one repeated character. */
  add(character: string, sizeBytes: number): FileRef {
    const content = Buffer.alloc(sizeBytes, character);
    const sha256 = sha256Of(createHash("sha256").update(content).digest("hex"));
    this.contents.set(sha256, content);
    return { sha256, sizeBytes };
  }
}

describe("a file cache", () => {
  let folder: string;
  let origin: FakeOrigin;
  let skippedMs: number;
  /** True if a wait moves the clock. */
  let clockMoves: boolean;
  const caches: FileCache[] = [];

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "sintonia-cache-")), "files");
    origin = new FakeOrigin();
    skippedMs = 0;
    clockMoves = true;
  });
  afterEach(async () => {
    for (const cache of caches.splice(0)) cache.close();
    await rm(join(folder, ".."), { recursive: true });
  });

  const clock = {
    monotonicMs: () => skippedMs,
    wallTime: () => new Date(Date.now() + skippedMs),
  };

  /** Opens a cache as the process of a trainer. Its waits take no time, but move the clock. */
  function open(bytesMax = 10 * MIB): FileCache {
    const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
      await new Promise((resolve) => void setImmediate(resolve));
      signal.throwIfAborted();
      if (clockMoves) skippedMs += ms;
    };
    const cache = new FileCache({ folder, bytesMax, origin, logger, clock, sleep });
    caches.push(cache);
    return cache;
  }

  const contentOf = async (path: string): Promise<string> => (await readFile(path, "utf8")).slice(0, 3);
  const names = async (): Promise<string[]> => (await readdir(folder)).map((name) => name.slice(0, 4)).sort();

  it("fetches a file once, and protects it from changes", async () => {
    const ref = origin.add("a", 5_500);
    const cache = open();
    const path = await cache.fetch(ref, never);
    assert.equal(await contentOf(path), "aaa");
    assert.equal((await stat(path)).mode & 0o777, 0o444);
    cache.release();
    assert.equal(await cache.fetch(ref, never), path);
    assert.equal(await open().fetch(ref, never), path);
    assert.deepEqual(origin.reads.length, 1);
    assert.deepEqual(await readdir(folder), [ref.sha256]);
  });

  it("fetches an empty file", async () => {
    const path = await open().fetch(origin.add("a", 0), never);
    assert.equal((await stat(path)).size, 0);
  });

  it("continues a download after each break, and after its own death", async () => {
    const ref = origin.add("a", 9_500);
    origin.breaks.push(2_000, 5_000);
    await open().fetch(ref, never);
    assert.deepEqual(
      origin.reads.map(([, offset]) => offset),
      [0, 2_000, 5_000],
    );
    const other = origin.add("b", 9_500);
    await writeFile(
      join(folder, `${other.sha256}.dead.part`),
      origin.contents.get(other.sha256)?.subarray(0, 4_000) ?? "",
    );
    const writtenMs = performance.now();
    await open().fetch(other, never);
    assert.deepEqual(origin.reads.at(-1)?.[1], 4_000);
    // The live downloads of another trainer are waited for; a dead trainer does not touch them. The
    // files have the time of the machine, so the time that the test takes is a part of the wait.
    assert.ok(skippedMs + (performance.now() - writtenMs) >= FRESH_MS);
    assert.deepEqual((await readdir(folder)).sort(), [ref.sha256, other.sha256].sort());
  });

  it("leaves the download of an aborted fetch to the next one", async () => {
    const ref = origin.add("a", 9_500);
    const cache = open();
    const abort = new AbortController();
    const reason = new Error("the lease is lost");
    origin.onPart = (position) => {
      if (position === 3_000) abort.abort(reason);
    };
    await assert.rejects(cache.fetch(ref, abort.signal), reason);
    origin.onPart = () => {};
    await open().fetch(ref, never);
    assert.deepEqual(
      origin.reads.map(([, offset]) => offset),
      [0, 3_000],
    );
    assert.equal(skippedMs, 0);
  });

  it("begins again after a damaged part, and after one that is too long", async () => {
    for (const [character, part] of [
      ["a", Buffer.alloc(4_000, "x")],
      ["b", Buffer.alloc(20_000, "b")],
    ] as const) {
      const ref = origin.add(character, 9_500);
      await mkdir(folder, { recursive: true });
      const file = join(folder, `${ref.sha256}.old.part`);
      await writeFile(file, part);
      await utimes(file, 1, 1);
      assert.equal(await contentOf(await open().fetch(ref, never)), character.repeat(3));
    }
    assert.deepEqual(
      origin.reads.map(([, offset]) => offset),
      [4_000, 0, 0],
    );
  });

  it("fetches a damaged file again: another content, truncated, or changed between two trials", async () => {
    const ref = origin.add("a", 9_500);
    const cache = open();
    const path = await cache.fetch(ref, never);
    const damage = async (content: string): Promise<void> => {
      await chmod(path, 0o644);
      await writeFile(path, content);
    };
    await damage("x".repeat(9_500));
    assert.equal(await contentOf(await cache.fetch(ref, never)), "aaa");
    await damage("x".repeat(9_500));
    assert.equal(await contentOf(await open().fetch(ref, never)), "aaa");
    await damage("aaa");
    assert.equal((await readFile(await cache.fetch(ref, never))).length, 9_500);
    assert.equal(origin.reads.length, 4);
  });

  it("deletes what was used longest ago when it needs room, and never what is in use", async () => {
    const refs = ["a", "b", "c", "d"].map((character) => origin.add(character, MIB));
    const [a, b, c, d] = refs as [FileRef, FileRef, FileRef, FileRef];
    const cache = open(3 * MIB);
    for (const ref of [a, b, c]) {
      await cache.fetch(ref, never);
      skippedMs += 1_000;
    }
    cache.release();
    skippedMs += FRESH_MS;
    await cache.fetch(a, never);
    await cache.fetch(d, never);
    assert.deepEqual(await names(), [a, c, d].map(({ sha256 }) => sha256.slice(0, 4)).sort());
    await open(3 * MIB).fetch(b, never);
    assert.deepEqual(await names(), [a, b, d].map(({ sha256 }) => sha256.slice(0, 4)).sort());
  });

  it("waits until another trainer's file is free, and says what to do if none becomes free", async () => {
    const [a, b, c] = ["a", "b", "c"].map((character) => origin.add(character, MIB)) as [FileRef, FileRef, FileRef];
    await open(2 * MIB).fetch(a, never);
    const cache = open(2 * MIB);
    await cache.fetch(b, never);
    // The first trainer has died: its files are not touched any more.
    await cache.fetch(c, never);
    assert.deepEqual(await names(), [b, c].map(({ sha256 }) => sha256.slice(0, 4)).sort());
    await assert.rejects(cache.fetch(a, never), {
      name: "FileUnavailableError",
      message:
        `it has 1 MiB and does not fit: ${folder} has room for 2 MiB, and files in use take the rest; ` +
        "raise SINTONIA_FILE_CACHE_MIB by 1 or more",
    });
    const start = skippedMs;
    await assert.rejects(cache.fetch(origin.add("d", 3 * MIB), never), /it has 3 MiB and does not fit/);
    assert.equal(skippedMs, start);
    assert.deepEqual(await names(), [b, c].map(({ sha256 }) => sha256.slice(0, 4)).sort());
  });

  it("downloads a file once for several trainers and several fetches at once", async () => {
    const ref = origin.add("a", 200_000);
    clockMoves = false;
    const [one, other] = [open(), open()];
    const paths = await Promise.all([one, one, other, open()].map((cache) => cache.fetch(ref, never)));
    assert.equal(new Set(paths).size, 1);
    assert.equal(origin.reads.length, 1);
    assert.deepEqual(await readdir(folder), [ref.sha256]);
  });

  it("names a file that nobody has, and a folder that cannot be used", async () => {
    const absent = { sha256: sha256Of("0".repeat(64)), sizeBytes: 1 };
    await assert.rejects(open().fetch(absent, never), {
      name: "FileUnavailableError",
      message: "nobody has it",
    });
    await rm(folder, { recursive: true });
    await writeFile(folder, "a file");
    await assert.rejects(open().fetch(absent, never), {
      name: "FileUnavailableError",
      message: `cannot use ${folder}: not a directory`,
    });
    await rm(folder);
  });
});
