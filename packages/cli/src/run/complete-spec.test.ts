import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { checkStudySpec } from "@sintonia/tuning/spec/check/parse";
import { storedFiles } from "@sintonia/tuning/spec/spec-files";
import { sha256Of } from "../study/files/files.fixture.js";
import { remoteContents } from "../study/files/sources.js";
import { completeSpec } from "./complete-spec.js";

const display = { print: () => undefined, task: () => undefined };

const contents = () => remoteContents({});

function specWith(files: readonly string[]) {
  const result = checkStudySpec({
    name: "study",
    program: { command: ["./train.sh"], files },
    objective: { metric: "loss", goal: "minimize" },
    budget: { maxTrials: 1 },
    parameters: {},
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.spec;
}

test("fills in the content of a program's files, and whether they are executable", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-complete-spec-"));
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "lib"));
  writeFileSync(join(folder, "train.sh"), "#!/bin/sh\n");
  chmodSync(join(folder, "train.sh"), 0o755);
  writeFileSync(join(folder, "lib", "empty.py"), "");
  const { spec, files } = await completeSpec(specWith(["train.sh", "lib"]), { folder, contents, display });
  assert.deepEqual(storedFiles(spec), {
    "lib/empty.py": { sha256: sha256Of(Buffer.from("")), sizeBytes: 0 },
    "train.sh": { sha256: sha256Of(Buffer.from("#!/bin/sh\n")), sizeBytes: 10, executable: true },
  });
  assert.equal(files.length, 2);
  assert.deepEqual(await completeSpec(spec, { folder, contents, display }), { spec, files: [] });
});

test("refuses a missing file before anything is read", async () => {
  await assert.rejects(completeSpec(specWith(["absent.py"]), { folder: tmpdir(), contents, display }), /absent.py/);
});
