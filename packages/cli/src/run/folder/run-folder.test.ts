import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { unusableFolder } from "./files.js";
import { decideFolder, RunFolder } from "./run-folder.js";
import { deleteCopies } from "./written-files.js";

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

const WRITTEN = [
  "results.json",
  "results.json.new",
  "spec.json",
  "model/model.json",
  "model/weights.bin",
  "model/model.onnx.part",
  "nats.conf",
  "nats/jetstream/$G/streams/SINTONIA_EVENTS/msgs/1.blk",
  `state/artifacts/ab/${"ab".repeat(32)}`,
  "state/output/mnist-init/7/1-65536",
  `state/files/ab/${"ab".repeat(32)}`,
  `state/files/unfinished/${"ab".repeat(32)}.0f-1`,
  `state/files/partial/${"ab".repeat(32)}.part`,
  "state/checkpoints/unfinished/0f-1",
  "logs/coordinator.log",
  "logs/trainer-12.log",
  "archive/mnist-init.jsonl",
  "archive.new/mnist-init.jsonl",
  "studies/mnist-init-refit/model/model.onnx",
  "reproduce.md",
];
const OWN = [
  "notes.txt",
  "model/mine.txt",
  "model/notes/model.json",
  "studies/mine.txt",
  "studies/mnist-init-refit/thesis.tex",
  "archive/mine.txt",
  "logs/old/coordinator.log",
  "state/artifacts/mine.bin",
  "state/output/mnist-init/7/notes.txt",
  "nats/mine.txt",
  "mine/results.json",
];

test("overwriting deletes what a run wrote, and nothing that it did not write", (context) => {
  const path = temporaryFolder(context);
  const folder = new RunFolder(path);
  folder.prepare(MARKER, false);
  for (const name of [...WRITTEN, ...OWN]) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), name);
  }
  folder.prepare({ format: 1, studyId: "new" }, true);
  for (const name of WRITTEN) assert.ok(!existsSync(join(path, name)), name);
  for (const name of OWN) assert.equal(readFileSync(join(path, name), "utf8"), name);
  assert.deepEqual([existsSync(join(path, "archive.new")), folder.readMarker()?.studyId], [false, "new"]);
});

test("deleting the copies of the logs leaves the user's own files", (context) => {
  const path = temporaryFolder(context);
  mkdirSync(join(path, "archive"));
  for (const name of ["study-1.jsonl", "mine.txt"]) writeFileSync(join(path, "archive", name), "");
  deleteCopies(path);
  assert.deepEqual(readdirSync(join(path, "archive")), ["mine.txt"]);
  rmSync(join(path, "archive", "mine.txt"));
  deleteCopies(path);
  assert.ok(!existsSync(join(path, "archive")));
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
