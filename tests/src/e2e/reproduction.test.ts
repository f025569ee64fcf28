import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import type { ReproductionDocument } from "@sintonia/cli/reproduce/document";
import { CommandFolder } from "../support/cli.js";

const QUICK = ["--quick", "--trainers", "2", "--experiment", "mnist-mlp", "--experiment", "mnist-init"] as const;

test("an interrupted reproduction continues, and answers at once after its end", async (context) => {
  const folder = new CommandFolder(context);
  const command = folder.reproduce(...QUICK);
  await command.line(/^Experiment +2 of 2: mnist-init, 2 trials/);
  command.interrupt();
  const interrupted = await command.ended;
  assert.deepEqual([interrupted.code, interrupted.stdout], [130, ""]);
  assert.deepEqual(folder.leftProcesses(), []);
  // The document already contains the experiment that has ended.
  const partial = JSON.parse(readFileSync(folder.path("reproduce.json"), "utf8")) as ReproductionDocument;
  assert.deepEqual(
    partial.experiments.map(({ name }) => name),
    ["mnist-mlp"],
  );
  const mlp = statSync(folder.path("studies", "mnist-mlp", "results.json")).mtimeMs;

  const resumed = await folder.reproduce(...QUICK).ended;
  assert.equal(resumed.code, 0, resumed.lines.join("\n"));
  assert.deepEqual(folder.leftProcesses(), []);
  const document = JSON.parse(resumed.stdout) as ReproductionDocument;
  assert.deepEqual([document.format, document.quick], [1, true]);
  assert.deepEqual(document.experiments[0], partial.experiments[0]);
  assert.equal(statSync(folder.path("studies", "mnist-mlp", "results.json")).mtimeMs, mlp);

  for (const { name, validation, test: onTest, refit, epochs, trials } of document.experiments) {
    for (const { here, outsideBy } of [validation, onTest, refit]) {
      assert.ok(here !== null && here.interval[0] < here.accuracy && here.accuracy < here.interval[1], name);
      // Two epochs on 2,000 digits reach more than 0.8.
      assert.ok(here.accuracy > 0.7, `${name}: ${here.accuracy}`);
      assert.equal(outsideBy, null);
    }
    assert.ok(refit.epochs === 1 || refit.epochs === 2);
    assert.equal(epochs, 2 * trials);
    for (const study of [name, `${name}-refit`])
      assert.ok(existsSync(folder.path("studies", study, "model", "model.onnx")));
  }
  assert.deepEqual(JSON.parse(readFileSync(folder.path("reproduce.json"), "utf8")), document);
  assert.match(readFileSync(folder.path("reproduce.md"), "utf8"), /\| mnist-init \| here, quick \|/);

  const again = await folder.reproduce(...QUICK).ended;
  assert.deepEqual([again.code, JSON.parse(again.stdout)], [0, document]);
  assert.ok(again.lines.some((line) => /already finished/.test(line)));

  const full = await folder.reproduce("--experiment", "mnist-mlp").ended;
  assert.equal(full.code, 2);
  assert.match(full.lines.at(-1) ?? "", /contains a study with another spec \(different: dataset.split/);
});
