import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { pack } from "tar-stream";
import { unpackProgramFiles } from "./program-files.js";

async function start(context: TestContext, entries: readonly [name: string, text: string, mode?: number][]) {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-program-files-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const archive = join(folder, "x.tar");
  const stream = pack();
  for (const [name, text, mode = 0o644] of entries) stream.entry({ name, mode }, text);
  stream.entry({ name: "artifacts/link", type: "symlink", linkname: "/etc/passwd" });
  stream.finalize();
  writeFileSync(archive, await buffer(stream));
  return { archive, folder: join(folder, "model") };
}

test("unpacks files with their folders and permissions, and no link", async (context) => {
  const { archive, folder } = await start(context, [
    ["artifacts/model.pt", "weights"],
    ["artifacts/bin/run", "#!/bin/sh", 0o755],
  ]);
  assert.deepEqual(await unpackProgramFiles(archive, folder), ["model.pt", "bin/run"]);
  assert.equal(readFileSync(join(folder, "model.pt"), "utf8"), "weights");
  assert.equal(statSync(join(folder, "bin", "run")).mode & 0o100, 0o100);
  assert.deepEqual(readdirSync(folder).sort(), ["bin", "model.pt"]);
});

test("makes no file outside of the folder", async (context) => {
  const entries = ["artifacts/../escaped", "/artifacts/absolute", "escaped", "other/x"].map(
    (name) => [name, "x"] as const,
  );
  const { archive, folder } = await start(context, entries as unknown as [string, string][]);
  assert.deepEqual(await unpackProgramFiles(archive, folder), []);
  assert.deepEqual(readdirSync(join(folder, "..")), ["x.tar"]);
});

test("refuses a damaged archive", async (context) => {
  const { archive, folder } = await start(context, [["artifacts/a", "x".repeat(2000)]]);
  writeFileSync(archive, readFileSync(archive).fill(7, 0, 700));
  await assert.rejects(unpackProgramFiles(archive, folder), /the archive of the program's files is damaged/);
});
