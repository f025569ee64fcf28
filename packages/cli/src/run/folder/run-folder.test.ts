import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { unusableFolder } from "./files.js";
import { decideFolder, RunFolder } from "./run-folder.js";

const MARKER = { format: 1, studyId: "mnist-init" } as const;

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-folder-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("a run may use only an empty folder or one that a run made", () => {
  const cases = [
    { entries: [], marker: undefined, overwrite: false, decision: "create" },
    { entries: ["run.lock"], marker: undefined, overwrite: false, decision: "create" },
    { entries: ["thesis.tex"], marker: undefined, overwrite: false, decision: "refuse" },
    { entries: ["thesis.tex"], marker: undefined, overwrite: true, decision: "refuse" },
    { entries: ["sintonia.json"], marker: MARKER, overwrite: false, decision: "continue" },
    { entries: ["sintonia.json"], marker: MARKER, overwrite: true, decision: "replace" },
  ];
  for (const { decision, overwrite, ...findings } of cases) {
    assert.equal(decideFolder(findings, overwrite), decision, JSON.stringify(findings));
  }
});

test("a folder keeps its study's id when a run continues in it", (context) => {
  const folder = new RunFolder(join(temporaryFolder(context), "new"));
  folder.claim(false);
  assert.deepEqual(folder.prepare(MARKER, false), { marker: MARKER, continued: false });
  assert.deepEqual(folder.prepare({ format: 1, studyId: "other" }, false), { marker: MARKER, continued: true });
});

test("a reproduction does not continue the folder of a run, nor a run that of a reproduction", (context) => {
  const reproduction = { format: 1, kind: "reproduction", studyId: "reproduce" } as const;
  for (const [first, second] of [
    [MARKER, reproduction],
    [reproduction, MARKER],
  ] as const) {
    const folder = new RunFolder(temporaryFolder(context));
    folder.prepare(first, false);
    assert.throws(() => folder.prepare(second, false), /cannot continue a folder of "sintonia reproduce"/);
    assert.deepEqual(folder.prepare(second, true), { marker: second, continued: false });
  }
});

test("overwriting deletes what a run made and nothing else", (context) => {
  const path = temporaryFolder(context);
  const folder = new RunFolder(path);
  folder.prepare(MARKER, false);
  folder.write("results.json", { study: "old" });
  mkdirSync(folder.study.model);
  writeFileSync(join(path, "notes.txt"), "mine");
  writeFileSync(join(folder.natsStore, "old"), "events");
  folder.prepare({ format: 1, studyId: "new" }, true);
  assert.deepEqual(
    [folder.study.readResults(), existsSync(folder.study.model), existsSync(join(folder.natsStore, "old"))],
    [undefined, false, false],
  );
  assert.equal(readFileSync(join(path, "notes.txt"), "utf8"), "mine");
});

test("refuses a folder with other files and leaves it unchanged", (context) => {
  const path = temporaryFolder(context);
  writeFileSync(join(path, "thesis.tex"), "years of work");
  assert.throws(() => new RunFolder(path).claim(true), /no run made it/);
  assert.equal(readFileSync(join(path, "thesis.tex"), "utf8"), "years of work");
});

test("the error of a path below a file explains the reason", (context) => {
  const file = join(temporaryFolder(context), "file");
  writeFileSync(file, "");
  assert.throws(() => new RunFolder(join(file, "run")).claim(false), /a part of the path is a file/);
});

test("explains the errors of the file system", () => {
  const words = (code: string): string => unusableFolder("/run", Object.assign(new Error("x"), { code })).message;
  assert.match(words("ENOSPC"), /no space is left/);
  assert.match(words("EROFS"), /read-only/);
  assert.match(words("EACCES"), /no permission/);
});

test("an incomplete results file counts as missing", (context) => {
  const { study } = new RunFolder(temporaryFolder(context));
  writeFileSync(study.results, '{"study":');
  assert.equal(study.readResults(), undefined);
});
