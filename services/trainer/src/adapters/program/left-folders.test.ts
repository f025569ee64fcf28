import assert from "node:assert/strict";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { deleteLeftFolders, LEFT_AGE_MS } from "./left-folders.js";
import { temporaryFolder } from "./training.fixture.js";

test("deletes the folders that no trainer has touched for a day, and no others", async (context) => {
  const { path, remove } = await temporaryFolder();
  context.after(remove);
  const nowMs = Date.now();
  for (const name of ["dead", "alive"]) {
    await mkdir(join(path, name, "0", "work"), { recursive: true });
    await writeFile(join(path, name, "0", "work", "file"), name);
  }
  await writeFile(join(path, "file"), "of the user");
  const old = new Date(nowMs - LEFT_AGE_MS - 1_000);
  for (const name of ["dead", "file"]) await utimes(join(path, name), old, old);
  await deleteLeftFolders(path, nowMs);
  assert.deepEqual((await readdir(path)).sort(), ["alive", "file"]);
  await deleteLeftFolders(join(path, "missing"), nowMs);
});
