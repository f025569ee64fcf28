// The test of a program's best trial, by the built command line.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertAllCompleted, CommandFolder, type Results, resultsOf } from "../support/cli.js";

const withoutPython = spawnSync("python3", ["-c", ""]).status === 0 ? false : "python3 is not there";

/** The fields that these tests read beside those of all runs. */
type TestedResults = Omit<Results, "study" | "test"> & {
  readonly study: { readonly state: string; readonly message: string | null };
  readonly test: { readonly metrics: Readonly<Record<string, number>> } | null;
  readonly testRun: { readonly state: string; readonly attempt: number; readonly tests: string } | null;
};

/** Each trial leaves its loss; the test reports what it finds. */
function specIn(folder: string): string {
  return `
name: tested
program:
  command: [sh, -c, 'echo "$1" > $SINTONIA_ARTIFACT_DIR/loss; echo "{\\"metrics\\":{\\"loss\\":$1}}" >&3', sh, "\${x}"]
  test: { command: [sh, test.sh, "\${x}"] }
  files: [test.sh]
  environment: { FOLDER: ${JSON.stringify(folder)} }
objective: { metric: loss, goal: minimize }
budget: { maxTrials: 3 }
selection: { rule: observed }
oracle: { type: random }
parameters: { x: { type: double, min: 0, max: 1 } }
`;
}

function writeStudy(folder: CommandFolder, script: string): void {
  writeFileSync(join(folder.folder, "test.sh"), script);
  writeFileSync(join(folder.folder, "tested.yaml"), specIn(folder.folder));
}

test("the example in Python tests its best trial on points that no trial has seen", {
  skip: withoutPython,
}, async (context) => {
  const folder = new CommandFolder(context);
  folder.writeExample("python");
  const results = resultsOf<TestedResults>(await folder.runSpec("study.yaml", "--trials", "3").ended);
  const { test_accuracy: accuracy = 0, ...others } = results.test?.metrics ?? {};
  assert.ok(accuracy > 0.8 && accuracy <= 1, JSON.stringify(results.test));
  assert.deepEqual(others, {});
  assert.deepEqual([results.testRun?.tests, results.trials.length], [results.best.id, 3]);
  assert.deepEqual(folder.leftProcesses(), []);
});

/** Waits, after a checkpoint, until the test of this file lets it end. */
const GATED = `
echo started >> "$FOLDER/starts"
if [ ! -f $SINTONIA_CHECKPOINT_DIR/half ]; then
  echo 1 > $SINTONIA_CHECKPOINT_DIR/half
  echo '{"metrics":{"half":1},"checkpoint":true}' >&3; read answer <&4
fi
while [ ! -e "$FOLDER/open" ]; do sleep 0.1; done
echo "found $(cat $SINTONIA_ARTIFACT_DIR/loss) for trial $SINTONIA_TRIAL"
echo report > $SINTONIA_ARTIFACT_DIR/report.txt
echo "{\\"metrics\\":{\\"found\\":$(cat $SINTONIA_ARTIFACT_DIR/loss),\\"x\\":$1}}" >&3
`;

test("a test outlives kill -9 of the coordinator and of its trainer, and runs once", async (context) => {
  const folder = new CommandFolder(context);
  writeStudy(folder, GATED);
  const command = folder.runSpec("tested.yaml", "--trainers", "2");
  await command.line(/testing trial \d+ with program\.test/);
  const { trainerId } = await folder.untilTraining("test", { saved: true, study: "tested" });
  process.kill(folder.pidOf("coordinator"), "SIGKILL");
  await command.line(/^coordinator was killed by SIGKILL; restarting it/);
  process.kill(folder.pidOf(/^trainer-\d+/.exec(trainerId)?.[0] ?? ""), "SIGKILL");
  writeFileSync(join(folder.folder, "open"), "");
  const results = resultsOf<TestedResults>(await command.ended);
  const best = results.trials.find(({ id }) => id === results.best.id);
  assert.deepEqual(results.test?.metrics, { half: 1, found: best?.objective, x: best?.values["x"] });
  assert.deepEqual([results.study.state, results.study.message], ["completed", null]);
  assert.equal(Number(readFileSync(folder.path("model", "loss"), "utf8")), best?.objective);
  assert.equal(readFileSync(folder.path("model", "report.txt"), "utf8"), "report\n");
  const log = await folder.command("logs", "tested", "test", "--dir", "run").ended;
  assert.equal(log.stdout, `found ${best?.objective} for trial ${best?.id}\n`);
  const starts = () => readFileSync(join(folder.folder, "starts"), "utf8").trim().split("\n").length;
  // The trainer also gives an attempt up if the coordinator returns late.
  assert.ok(starts() >= 2 && starts() === results.testRun?.attempt, `attempts: ${results.testRun?.attempt}`);
  const before = starts();
  resultsOf(await folder.runSpec("tested.yaml", "--trainers", "2").ended);
  assert.equal(starts(), before, "a completed test never runs again");
  assert.deepEqual(folder.leftProcesses(), []);
});

test("a test that fails leaves a completed study, with its last output", async (context) => {
  const folder = new CommandFolder(context);
  writeStudy(folder, "echo half of it; echo the reason >&2; exit 3\n");
  const results = resultsOf<TestedResults>(await folder.runSpec("tested.yaml", "--trainers", "1").ended);
  assertAllCompleted(results as unknown as Results, 3);
  assert.deepEqual([results.test, results.testRun?.state], [null, "failed"]);
  assert.match(results.study.message ?? "", /^The test of trial \d failed: .*exit code 3.*the reason/);
  assert.ok(readFileSync(folder.path("model", "loss"), "utf8").length > 0);
});
