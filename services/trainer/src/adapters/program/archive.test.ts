import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ArchiveError } from "@sintonia/files/archive/tar-entries";
import { pack } from "tar-stream";
import { packFolders, unpackFolders } from "./archive.js";

describe("archives of folders", () => {
  let root: string;
  let from: string;
  let to: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "sintonia-archive-"));
    from = join(root, "from");
    to = join(root, "to");
    await mkdir(from);
    await mkdir(to);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function archiveOf(
    ...entries: ReadonlyArray<Parameters<ReturnType<typeof pack>["entry"]>[0]>
  ): Promise<Buffer> {
    const stream = pack();
    for (const entry of entries) stream.entry(entry, entry.type === "file" ? "evil" : "");
    stream.finalize();
    const parts: Buffer[] = [];
    for await (const part of stream as AsyncIterable<Buffer>) parts.push(part);
    return Buffer.concat(parts);
  }

  it("keep files, empty folders, modes, inner links and long names", async () => {
    const long = "x".repeat(200);
    await mkdir(join(from, "empty"));
    await mkdir(join(from, long));
    await writeFile(join(from, long, "größe.bin"), Buffer.from([0, 255]));
    await writeFile(join(from, "run.sh"), "#!/bin/sh", { mode: 0o755 });
    await symlink("run.sh", join(from, "latest"));
    await symlink("/etc/passwd", join(from, "outside"));
    const texts = await unpackFolders(await packFolders({ folders: { a: from }, texts: { note: "text" } }), { a: to });
    assert.deepEqual([...texts], [["note", "text"]]);
    assert.deepEqual(await readFile(join(to, long, "größe.bin")), Buffer.from([0, 255]));
    assert.equal((await stat(join(to, "run.sh"))).mode & 0o777, 0o755);
    assert.equal(await readlink(join(to, "latest")), "run.sh");
    assert.ok((await stat(join(to, "empty"))).isDirectory());
    await assert.rejects(stat(join(to, "outside")));
  });

  it("have the same bytes for the same files, whenever they were written", async () => {
    await writeFile(join(from, "one"), "1");
    const first = await packFolders({ folders: { a: from } });
    await utimes(join(from, "one"), 1, 1);
    assert.ok(first.equals(await packFolders({ folders: { a: from } })));
  });

  it("of a folder that is gone are empty; a link in its place is refused", async () => {
    await packFolders({ folders: { a: join(root, "gone") } });
    await symlink("/", join(root, "link"));
    await assert.rejects(packFolders({ folders: { a: join(root, "link") } }), ArchiveError);
  });

  it("are refused above the limit", async () => {
    await writeFile(join(from, "one"), Buffer.alloc(50_000));
    await writeFile(join(from, "two".repeat(80)), Buffer.alloc(50_000));
    const archive = await packFolders({ folders: { a: from } }, 110_000);
    assert.ok(archive.length <= 110_000);
    await assert.rejects(packFolders({ folders: { a: from } }, 100_000), /more than .* MiB, the limit/);
  });

  it("write nothing outside their folders", async () => {
    await assert.rejects(
      unpackFolders(await archiveOf({ name: "a/../../evil", type: "file" }), { a: to }),
      /leads out/,
    );
    const through = await archiveOf(
      { name: "a/deep/link", type: "symlink", linkname: "../.." },
      { name: "a/deep/up", type: "symlink", linkname: "../" },
      { name: "a/deep/up/evil", type: "file" },
    );
    await unpackFolders(through, { a: to }).catch(() => {});
    await assert.rejects(stat(join(root, "evil")));
    await assert.rejects(unpackFolders(Buffer.from("no archive".repeat(100)), { a: to }), ArchiveError);
  });
});
