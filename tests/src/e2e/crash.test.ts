import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { assertAllCompleted, CommandFolder, LONG_TRIALS, resultsOf } from "../support/cli.js";

test("after kill -9 of a trainer, another attempt resumes and completes the trial", async (context) => {
  const folder = new CommandFolder(context);
  const command = folder.run("--trials", "3", "--trainers", "2", ...LONG_TRIALS);
  const [, trial] = await command.line(/^Trial (\d+) started on trainer-1-/);
  await folder.untilTraining(trial, { saved: true });
  process.kill(folder.pidOf("trainer-1"), "SIGKILL");
  const ended = await command.ended;
  const results = resultsOf(ended);
  assertAllCompleted(results, 3);
  assert.equal(results.trials.find(({ id }) => id === trial)?.attempt, 2);
  const log = readFileSync(folder.path("logs", "coordinator.log"), "utf8");
  assert.ok(log.split("\n").some((line) => line.includes(`"trialId":"${trial}"`) && line.includes("trial resumed")));
  // The trial saves at least six checkpoints. The killed trainer may have stored one that it did
  // not report; the next start of the coordinator deletes it.
  const left = storedIn(folder.path("state", "checkpoints")).filter((name) => !name.endsWith(".txt"));
  assert.ok(left.length <= 1, `no checkpoint outlives its trial: ${left.join(", ")}`);
  assert.ok(ended.lines.some((line) => /^trainer-1 was killed by SIGKILL; restarting it/.test(line)));
  assert.deepEqual(folder.leftProcesses(), []);
});

/** Returns the files of a store, at any depth. */
function storedIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

test("after kill -9 of the coordinator, no completed trial is repeated", async (context) => {
  const folder = new CommandFolder(context);
  const command = folder.run("--trials", "4", "--trainers", "2", ...LONG_TRIALS);
  const [, trial] = await command.line(/^Trial (\d+) Complete/);
  const [, objective] = await command.line(/^val_accuracy: (.*)/);
  process.kill(folder.pidOf("coordinator"), "SIGKILL");
  const ended = await command.ended;
  const results = resultsOf(ended);
  assertAllCompleted(results, 4);
  const kept = results.trials.find(({ id }) => id === trial);
  // The display prints four significant digits.
  assert.deepEqual([kept?.attempt, Number(kept?.objective.toPrecision(4))], [1, Number(objective)]);
  assert.ok(ended.lines.some((line) => /^coordinator was killed by SIGKILL; restarting it/.test(line)));
  assert.deepEqual(folder.leftProcesses(), []);
});

test("after kill -9 of nats-server, the server restarts on its store and the study completes", async (context) => {
  const folder = new CommandFolder(context);
  const command = folder.run("--trials", "3", "--trainers", "2", ...LONG_TRIALS);
  const [, trial] = await command.line(/^Trial (\d+) started/);
  await folder.untilTraining(trial);
  process.kill(folder.pidOf("nats-server"), "SIGKILL");
  assertAllCompleted(resultsOf(await command.ended), 3);
  assert.deepEqual(folder.leftProcesses(), []);
});
