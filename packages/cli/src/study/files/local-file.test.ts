import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { bytesText } from "./bytes-text.js";
import { sha256Of } from "./files.fixture.js";
import { hashFile } from "./hash.js";
import { listFiles } from "./list-files.js";
import { findFile } from "./local-file.js";

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-local-file-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("finds a file relative to the spec, through a link, and outside", async (context) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, "specs"));
  writeFileSync(join(folder, "data.csv"), "a,b\n");
  symlinkSync("../data.csv", join(folder, "specs", "link.csv"));
  const link = await findFile(join(folder, "specs"), "link.csv");
  assert.deepEqual([link.sizeBytes, link.isOutside], [4, false]);
  const outside = await findFile(join(folder, "specs"), "../data.csv");
  assert.deepEqual([outside.absolutePath, outside.isOutside], [join(folder, "data.csv"), true]);
  assert.equal((await findFile(folder, "specs/../data.csv")).isOutside, false);
});

test("refuses what is no regular file of at most 2 GiB, with the reason", async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, "huge.csv"), "");
  truncateSync(join(folder, "huge.csv"), 2 ** 31 + 1);
  execFileSync("mkfifo", [join(folder, "pipe")]);
  symlinkSync("loop", join(folder, "loop"));
  const refusals: ReadonlyArray<[string, RegExp]> = [
    ["absent.csv", /^absent.csv: there is no such file at \/.*absent.csv$/],
    [".", /^\.: it is a folder; name a file in it$/],
    ["huge.csv", /^huge.csv: it has 2.1 GB, and a file that goes to trainers has at most 2 GiB$/],
    ["huge.csv/x", /a part of the path is a file/],
    ["pipe", /it is a device or a pipe/],
    ["/dev/zero", /it is a device or a pipe/],
    ["loop", /its symbolic links form a loop/],
    ["x".repeat(300), /its name is too long/],
  ];
  for (const [path, message] of refusals)
    await assert.rejects(findFile(folder, path), { code: "FILE_UNUSABLE", message }, path);
});

test("hashes a file in parts, and an empty one", async (context) => {
  const folder = temporaryFolder(context);
  const content = Buffer.alloc(600_000, "abc");
  writeFileSync(join(folder, "data"), content);
  writeFileSync(join(folder, "empty"), "");
  const progress: number[] = [];
  const ref = await hashFile(await findFile(folder, "data"), (done) => void progress.push(done));
  assert.deepEqual(ref, { sha256: sha256Of(content), sizeBytes: 600_000 });
  assert.deepEqual(progress, [262_144, 524_288, 600_000]);
  const empty = await hashFile(await findFile(folder, "empty"), () => undefined);
  assert.deepEqual(empty, { sha256: sha256Of(Buffer.alloc(0)), sizeBytes: 0 });
});

test("refuses a file that grows, shrinks or is rewritten while it is read", async (context) => {
  const folder = temporaryFolder(context);
  const path = join(folder, "data");
  const changes: ReadonlyArray<[() => void, RegExp]> = [
    [() => appendFileSync(path, "more"), /it changed while it was read, from 600000 to 600004 bytes/],
    [() => truncateSync(path, 10), /from 600000 to 10 bytes; start again when nothing writes to it/],
    [() => utimesSync(path, 1, 1), /^data: it changed while it was read; start again/],
  ];
  for (const [change, message] of changes) {
    writeFileSync(path, Buffer.alloc(600_000));
    const file = await findFile(folder, "data");
    await assert.rejects(hashFile(file, once(change)), { code: "FILE_UNUSABLE", message });
  }
});

test("explains a file without the permission to read", { skip: process.getuid?.() === 0 }, async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, "secret"), "x", { mode: 0 });
  await assert.rejects(
    hashFile(await findFile(folder, "secret"), () => undefined),
    /you have no permission to read it/,
  );
});

test("lists the files of a program with their permissions, without those of tools", async (context) => {
  const folder = temporaryFolder(context);
  for (const name of ["lib/deep", "lib/__pycache__", "lib/.git"]) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ["train.py", "lib/a.py", "lib/deep/__init__.py", "lib/__pycache__/a.pyc", "lib/.git/x", "b.py"])
    writeFileSync(join(folder, name), "");
  chmodSync(join(folder, "train.py"), 0o750);
  symlinkSync("../b.py", join(folder, "lib", "link.py"));
  const listed = await listFiles(folder, ["train.py", "./lib", "lib/a.py"]);
  assert.deepEqual(
    listed.map(({ path }) => path),
    ["lib/a.py", "lib/deep/__init__.py", "lib/link.py", "train.py"],
  );
  assert.equal(listed.at(-1)?.mode, 0o750);
});

test("refuses files of a program outside, missing, too many, or in a loop", async (context) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, "many"));
  for (let n = 0; n <= 1_000; n++) writeFileSync(join(folder, "many", `${n}`), "");
  mkdirSync(join(folder, "loop"));
  symlinkSync(".", join(folder, "loop", "self"));
  const refusals: ReadonlyArray<[string, RegExp]> = [
    ["../lib", /outside the spec's folder/],
    ["/etc", /outside the spec's folder/],
    ["absent", /^absent: there is no such file/],
    ["many", /at most 1000 files/],
    ["loop", /symbolic links form a loop/],
  ];
  for (const [path, message] of refusals) await assert.rejects(listFiles(folder, [path]), { message }, path);
});

test("writes numbers of bytes for a person", () => {
  const texts = [0, 999, 1_000, 12_345_678, 2 ** 31].map(bytesText);
  assert.deepEqual(texts, ["0 bytes", "999 bytes", "1.0 kB", "12.3 MB", "2.1 GB"]);
});

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
