// A study of a real run is exported, deleted and read from its file, by the built command line.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { CommandFolder, resultsOf } from "../support/cli.js";

test("a run is exported, deleted with all that is stored of it, and read from the file", async (context) => {
  const folder = new CommandFolder(context);
  folder.writeExample("node");
  const results = resultsOf(await folder.runSpec("study.yaml", "--trials", "3").ended);
  const file = folder.path("exported.tar");
  assert.equal((await folder.read("export", "--output", file).ended).code, 0);
  const contents = (store: string): readonly string[] =>
    readdirSync(folder.path("state", store), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  assert.ok(contents("artifacts").length > 0 && contents("files").length > 0);
  assert.equal((await folder.read("delete", "--yes").ended).code, 0);
  for (const store of ["artifacts", "checkpoints", "files", "output", "snapshots"]) {
    if (existsSync(folder.path("state", store))) assert.deepEqual(contents(store), [], store);
  }
  const shown = await folder.command("show", "--dir", file, "--json").ended;
  const { trials, best } = JSON.parse(shown.stdout);
  assert.deepEqual([trials.length, best.id], [3, results.best.id]);
  const download = folder.path("again");
  assert.equal((await folder.command("best", "--dir", file, "--download", download).ended).code, 0);
  const model = (place: string): string => readFileSync(folder.path(place, "line.json"), "utf8");
  assert.equal(model("again"), model("model"));
  assert.deepEqual(folder.leftProcesses(), []);
});
