import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { specToJson } from "@sintonia/tuning/spec/json";
import { runProgram } from "../../program.js";
import { type ResultsDocument, resultsDocument } from "../../study/documents/results.js";
import { loadSpec } from "../../study/spec/experiments.js";
import { aCompletedTrial, aStudy, at } from "../../study/study.fixture.js";

const RESULTS = resultsDocument(
  aStudy({
    state: StudyState.COMPLETED,
    bestTrialId: "0",
    endedAt: at(100),
    test: {
      loss: 0.08,
      accuracy: 0.9836,
      accuracyLow: 0.98092,
      accuracyHigh: 0.98591,
      examples: 10_000,
      scores: [],
      undefinedScores: [],
    },
  }),
  [aCompletedTrial("0", 0.984, { values: {} })],
);
const FAILED = resultsDocument(aStudy({ state: StudyState.FAILED, message: "3 trials failed in a row" }), []);

/** The folder of a reproduction in which mnist-mlp has ended: nothing is left to train. */
function endedFolder(context: TestContext, studies: Readonly<Record<string, ResultsDocument>>): string {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-reproduce-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, content: unknown): void => writeFileSync(join(folder, path), JSON.stringify(content));
  write("sintonia.json", { format: 1, kind: "reproduction", studyId: "reproduce" });
  for (const [name, results] of Object.entries(studies)) {
    mkdirSync(join(folder, "studies", name), { recursive: true });
    write(`studies/${name}/spec.json`, specToJson(loadSpec("mnist-mlp")));
    write(`studies/${name}/results.json`, results);
  }
  return folder;
}

async function reproduceMlp(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const io = { stdin: Readable.from([]), stdout, stderr, env: {} };
  const code = await runProgram(["reproduce", "--experiment", "mnist-mlp", ...args], io);
  const textOf = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString() ?? "";
  return { code, stdout: textOf(stdout), stderr: textOf(stderr) };
}

test("prints ended experiments at once, as a table, as JSON and as Markdown", async (context) => {
  const folder = endedFolder(context, { "mnist-mlp": RESULTS, "mnist-mlp-refit": RESULTS });
  const table = await reproduceMlp("--dir", folder);
  assert.deepEqual([table.code, table.stderr], [0, ""]);
  assert.match(table.stdout, /mnist-mlp +here +98\.40 \(98\.13-98\.63\) {2}98\.36 \(98\.09-98\.59\)/);
  const json = await reproduceMlp("--dir", folder, "--json");
  assert.equal(json.stdout, readFileSync(join(folder, "reproduce.json"), "utf8"));
  const markdown = await reproduceMlp("--dir", folder, "--markdown", "-");
  assert.equal(markdown.stdout, readFileSync(join(folder, "reproduce.md"), "utf8"));
  const copy = join(folder, "copy.md");
  assert.equal((await reproduceMlp("--dir", folder, "--markdown", copy)).code, 0);
  assert.equal(readFileSync(copy, "utf8"), markdown.stdout);
});

test("figures far from the published ones end with 0, a study without a result with 1", async (context) => {
  const bad = {
    ...RESULTS,
    test: { loss: 2, accuracy: 0.1, interval: [0.09, 0.11] as const, examples: 10_000, scores: {} },
  };
  const far = await reproduceMlp("--dir", endedFolder(context, { "mnist-mlp": bad, "mnist-mlp-refit": bad }));
  assert.equal(far.code, 0);
  assert.match(far.stdout, /published {2}- +98\.1, 87\.10 above/);
  const failed = await reproduceMlp("--dir", endedFolder(context, { "mnist-mlp": FAILED }));
  assert.deepEqual([failed.code, failed.stderr], [1, "error: mnist-mlp has no result: 3 trials failed in a row\n"]);
  const json = await reproduceMlp("--json", "--dir", endedFolder(context, { "mnist-mlp": FAILED }));
  assert.deepEqual(JSON.parse(json.stderr.trimEnd().split("\n").at(-1) ?? ""), {
    code: "NO_RESULT",
    message: "mnist-mlp has no result: 3 trials failed in a row",
    facts: { experiments: ["mnist-mlp"] },
  });
});

test("reports a Markdown file that cannot be written after printing the table", async (context) => {
  const folder = endedFolder(context, { "mnist-mlp": RESULTS, "mnist-mlp-refit": RESULTS });
  const { code, stdout, stderr } = await reproduceMlp("--dir", folder, "--markdown", folder);
  assert.equal(code, 1);
  assert.match(stdout, /^mnist-mlp +here/m);
  assert.equal(stderr, `error: ${folder}: cannot be written: a folder has this name\n`);
});
