import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { makeFolder } from "./folders.js";

describe("a folder", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "sintonia-folders-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("is made with its ancestors and permissions, also twice and at the same time", async () => {
    const folder = join(root, "a", "b", "c");
    await Promise.all([makeFolder(folder, 0o700), makeFolder(folder, 0o700)]);
    await makeFolder(folder, 0o700);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it("is refused below a file, and in the place of one", async () => {
    writeFileSync(join(root, "file"), "");
    await assert.rejects(makeFolder(join(root, "file")), { code: "EEXIST" });
    await assert.rejects(makeFolder(join(root, "file", "a", "b")), { code: "ENOTDIR" });
  });

  const skip = existsSync("/proc/self") ? false : "this machine has no procfs";
  it("is refused in procfs, which answers that the folder does not exist", { skip }, async () => {
    await assert.rejects(makeFolder("/proc/sintonia/state"), { code: "ENOENT" });
  });
});
