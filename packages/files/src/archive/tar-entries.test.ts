import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { type Header, pack } from "tar-stream";
import { ArchiveError, readTar } from "./tar-entries.js";

/** Writes an archive. */
async function archiveOf(...entries: readonly (readonly [Partial<Header> & { name: string }, string?])[]) {
  const stream = pack();
  for (const [header, text = ""] of entries) stream.entry(header, text);
  stream.finalize();
  return await buffer(stream);
}

/** Gives out bytes in small parts, as a file or a network does. */
async function* inParts(bytes: Uint8Array, size = 100): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function entriesIn(bytes: Uint8Array, entriesMax?: number) {
  const found: { name: string; path: string | undefined; type: string; mode: number; text: string }[] = [];
  for await (const { name, path, type, mode, bytes: content } of readTar(inParts(bytes), entriesMax)) {
    found.push({ name, path: path?.join("/"), type, mode, text: String(await buffer(content)) });
  }
  return found;
}

/** Returns a header that claims a size which its archive does not have. */
function headerOf(archive: Buffer, change: (header: Buffer) => void): Buffer {
  const header = Buffer.from(archive.subarray(0, 512));
  change(header);
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

describe("the entries of a tar archive", () => {
  it("have their names, kinds, permissions and contents, also if some are not read", async () => {
    const long = `${"x".repeat(150)}/${"y".repeat(150)}`;
    const archive = await archiveOf(
      [{ name: "a/", type: "directory" }],
      [{ name: "a/./one", mode: 0o4755 }, "1".repeat(1_000)],
      [{ name: long }, "2"],
      [{ name: "a/link", type: "symlink", linkname: "one" }],
    );
    assert.deepEqual(
      (await entriesIn(archive)).map(({ path, type, mode, text }) => [path, type, mode, text.length]),
      [
        ["a", "directory", 0o755, 0],
        ["a/one", "file", 0o755, 1_000],
        [long, "file", 0o644, 1],
        ["a/link", "symlink", 0o644, 0],
      ],
    );
    const names: string[] = [];
    for await (const { name } of readTar(inParts(archive))) names.push(name);
    assert.deepEqual(names, ["a/", "a/./one", long, "a/link"]);
  });

  it("have no path if they lead out of the archive", async () => {
    const names = ["../evil", "a/../../evil", "/etc/passwd", "a/.."];
    const archive = await archiveOf(...names.map((name) => [{ name }, "x"] as const));
    assert.deepEqual(
      (await entriesIn(archive)).map(({ name, path }) => [name, path]),
      names.map((name) => [name, undefined]),
    );
  });

  it("are other ones if they are neither files, folders nor symbolic links", async () => {
    const archive = await archiveOf(
      [{ name: "hard", type: "link", linkname: "/etc/passwd" }],
      [{ name: "pipe", type: "fifo" }],
      [{ name: "disk", type: "block-device" }],
    );
    assert.deepEqual(
      (await entriesIn(archive)).map(({ type }) => type),
      ["other", "other", "other"],
    );
  });

  it("are refused if the archive is cut, or is none", async () => {
    const archive = await archiveOf([{ name: "a" }, "x".repeat(2_000)], [{ name: "b" }, "y"]);
    for (const length of [100, 600, 2_300]) await assert.rejects(entriesIn(archive.subarray(0, length)), ArchiveError);
    await assert.rejects(entriesIn(Buffer.from("no archive".repeat(100))), ArchiveError);
    await assert.rejects(entriesIn(archive, 1), /it has more than 1 entries/);
  });

  it("cost no memory for what a header claims", async () => {
    const archive = await archiveOf([{ name: "a" }, ""]);
    const huge = headerOf(archive, (header) => header.write("77777777777\0", 124, "latin1"));
    await assert.rejects(entriesIn(Buffer.concat([huge, Buffer.alloc(5_000)])), ArchiveError);
    const longName = headerOf(huge, (header) => header.write("x", 156, "latin1"));
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (yield longName; ; given += 1) yield Buffer.alloc(10_000);
    }
    const read = async (): Promise<void> => {
      for await (const _ of readTar(endless()));
    };
    await assert.rejects(read, ArchiveError);
    assert.ok(given < 200, `${given} parts`);
  });

  it("give the error of their source as it is", async () => {
    const fault = Object.assign(new Error("EIO: i/o error, read"), { syscall: "read" });
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield (await archiveOf([{ name: "a" }, "x".repeat(2_000)])).subarray(0, 600);
      throw fault;
    }
    const read = async (): Promise<void> => {
      for await (const { bytes } of readTar(broken())) await buffer(bytes);
    };
    await assert.rejects(read, (error) => error === fault);
  });
});
