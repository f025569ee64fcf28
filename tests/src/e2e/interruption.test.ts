import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { assertAllCompleted, CommandFolder, LONG_TRIALS, resultsOf } from "../support/cli.js";

test("Ctrl-C stops every process, and the same command continues the study", async (context) => {
  const folder = new CommandFolder(context);
  const command = folder.run("--trials", "3", "--trainers", "2", ...LONG_TRIALS);
  await command.line(/^Trial \d+ Complete/);
  command.interrupt();
  const interrupted = await command.ended;
  assert.deepEqual([interrupted.code, interrupted.stdout], [130, ""]);
  assert.deepEqual(folder.leftProcesses(), []);
  assert.equal(existsSync(folder.path("results.json")), false);
  const shown = resultsOf(await folder.readWithoutServer("show").ended);
  assert.equal(shown.study.state, "active");
  assert.ok(shown.trials.some(({ state }) => state === "completed"));
  const watched = await folder.readWithoutServer("watch", "small").ended;
  assert.equal(watched.code, 1);
  assert.match(watched.lines.at(-1) ?? "", /"NOT_RUNNING".*to continue it: sintonia run run\/spec.json --dir run;/);

  const resumed = folder.run("--trials", "3", "--trainers", "2", ...LONG_TRIALS);
  const [, before] = await resumed.line(/^Study +small resumed: (\d+) of 3 trials have ended/);
  assert.ok(Number(before) >= 1);
  assertAllCompleted(resultsOf(await resumed.ended), 3);
});

test("stop ends an interrupted run with its best trial; the run then prints its results", async (context) => {
  const folder = new CommandFolder(context);
  const command = folder.run("--trials", "3", "--trainers", "1", ...LONG_TRIALS);
  await command.line(/^Trial \d+ Complete/);
  command.interrupt();
  await command.ended;

  const stopped = resultsOf<{ readonly id: string; readonly state: string }>(await folder.read("stop").ended);
  assert.deepEqual([stopped.id, stopped.state], ["small", "stopped"]);
  assert.deepEqual(folder.leftProcesses(), []);
  const results = resultsOf(await folder.run("--trials", "3", ...LONG_TRIALS).ended);
  assert.equal(results.study.state, "stopped");
  assert.ok(results.test.accuracy > 0.7);
  assert.ok(existsSync(folder.path("model", "model.onnx")));
});
