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

  const resumed = folder.run("--trials", "3", "--trainers", "2", ...LONG_TRIALS);
  const [, before] = await resumed.line(/^Study +small resumed: (\d+) of 3 trials have ended/);
  assert.ok(Number(before) >= 1);
  assertAllCompleted(resultsOf(await resumed.ended), 3);
});
