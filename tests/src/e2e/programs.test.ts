// Studies of programs by the built command line: real shell, Python and Node.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertAllCompleted, CommandFolder, resultsOf } from "../support/cli.js";

const withoutPython = spawnSync("python3", ["-c", ""]).status === 0 ? false : "python3 is not there";

test("tunes a shell script by the lines that it prints", async (context) => {
  const folder = new CommandFolder(context);
  folder.writeExample("shell");
  const results = resultsOf(await folder.runSpec("study.yaml", "--trainers", "2").ended);
  assertAllCompleted(results, 12);
  assert.equal(results.test, null);
  const best = results.trials.find(({ id }) => id === results.best.id);
  assert.ok(best !== undefined && best.objective < 1e-3, JSON.stringify(best));
  assert.deepEqual([best.epochs, folder.leftProcesses()], [5, []]);
});

test("runs a Node program, and keeps the files of the best trial", async (context) => {
  const folder = new CommandFolder(context);
  folder.writeExample("node");
  assertAllCompleted(resultsOf(await folder.runSpec("study.yaml", "--trials", "4").ended), 4);
  const line = JSON.parse(readFileSync(folder.path("model", "line.json"), "utf8")) as { slope: number };
  assert.equal(typeof line.slope, "number");
});

/** Trains for some seconds with a checkpoint after each epoch, and tells where it began. */
const RESUMING = `
import sintonia, time
state = sintonia.checkpoint() / "epoch"
start = int(state.read_text()) if state.exists() else 0
print("began at epoch", start)
for epoch in range(start, 40):
    time.sleep(0.2)
    state.write_text(str(epoch + 1))
    if not sintonia.report(score=epoch, epoch=epoch, checkpoint=True):
        break
(sintonia.artifacts() / "began").write_text(str(start))
`;

const RESUMING_SPEC = `
name: resuming
program: { command: [python3, resuming.py], files: [resuming.py, sintonia.py] }
objective: { metric: score, goal: maximize }
budget: { maxTrials: 2 }
parameters: { x: { type: double, min: 0, max: 1 } }
`;

test("after kill -9 of a trainer, a program goes on from its checkpoint", { skip: withoutPython }, async (context) => {
  const folder = new CommandFolder(context);
  folder.writeExample("python");
  writeFileSync(join(folder.folder, "resuming.py"), RESUMING);
  writeFileSync(join(folder.folder, "resuming.yaml"), RESUMING_SPEC);
  const command = folder.runSpec("resuming.yaml", "--trainers", "2");
  const [, trial] = await command.line(/^Trial (\d+) started on trainer-1-/);
  await folder.untilTraining(trial, { saved: true, study: "resuming" });
  process.kill(folder.pidOf("trainer-1"), "SIGKILL");
  const results = resultsOf(await command.ended);
  assertAllCompleted(results, 2);
  const resumed = results.trials.find(({ id }) => id === trial);
  assert.deepEqual([resumed?.attempt, resumed?.epochs, resumed?.objective], [2, 40, 39]);
  const log = readFileSync(folder.path("logs", "coordinator.log"), "utf8");
  assert.ok(log.split("\n").some((line) => line.includes(`"trialId":"${trial}"`) && line.includes("trial resumed")));
  assert.deepEqual(folder.leftProcesses(), []);
});

const FAILING_SPEC = `
name: failing
program: { command: [sh, -c, "echo halfway; echo the reason >&2; exit 3"] }
objective: { metric: score, goal: maximize }
budget: { maxTrials: 4, maxConsecutiveFailures: 2 }
parameters: { x: { type: double, min: 0, max: 1 } }
`;

test("ends a study whose program fails, with its last output", async (context) => {
  const folder = new CommandFolder(context);
  writeFileSync(join(folder.folder, "failing.yaml"), FAILING_SPEC);
  const { code, lines, stdout } = await folder.runSpec("failing.yaml", "--trainers", "1").ended;
  assert.equal(code, 1, lines.join("\n"));
  assert.match(stdout + lines.join("\n"), /exit code 3.*the reason/);
});
