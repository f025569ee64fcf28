import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";
import { assertAllCompleted, CommandFolder, resultsOf } from "../support/cli.js";

test("a run ends with a document and the model's files, and a repeated run answers at once", async (context) => {
  const folder = new CommandFolder(context);
  const first = await folder.run("--trials", "3", "--epochs", "2", "--trainers", "2").ended;
  const results = resultsOf(first);
  assertAllCompleted(results, 3);
  assert.deepEqual(folder.leftProcesses(), []);

  assert.equal(results.best.id, results.selection.trial);
  const best = results.trials.find(({ id }) => id === results.selection.bestMeasured);
  assert.equal(best?.objective, Math.max(...results.trials.map(({ objective }) => objective)));
  const [low, high] = results.test.interval;
  assert.ok(low < results.test.accuracy && results.test.accuracy < high);
  assert.ok(results.test.accuracy > 0.7, `two epochs on 5,000 digits gave ${results.test.accuracy}`);
  assert.ok(results.wallSeconds > 0);
  for (const { epochs, attempt, seconds, trainer } of results.trials) {
    assert.deepEqual([epochs, attempt], [2, 1]);
    assert.ok(seconds > 0);
    assert.match(trainer, /^trainer-[12]-/);
  }

  assert.deepEqual(JSON.parse(readFileSync(folder.path("results.json"), "utf8")), results);
  assert.equal(JSON.parse(readFileSync(folder.path("model", "model.json"), "utf8")).format, "layers-model");
  // Kernels and biases of the layers 784-64-10 in float32.
  assert.equal(statSync(folder.path("model", "weights.bin")).size, 4 * (784 * 64 + 64 + 64 * 10 + 10));
  assert.ok(statSync(folder.path("model", "model.onnx")).size > 4 * 784 * 64);

  const again = await folder.run("--trials", "3", "--epochs", "2").ended;
  assert.deepEqual(resultsOf(again), results);
  assert.ok(again.lines.some((line) => /already finished/.test(line)));

  const other = await folder.run("--trials", "3", "--epochs", "4").ended;
  assert.equal(other.code, 2);
  assert.match(other.lines.at(-1) ?? "", /different: training.maxEpochs/);
  assert.equal(other.stdout, "");
});

test("a run leaves a report, which is also written as Markdown and as a document", async (context) => {
  const folder = new CommandFolder(context);
  const results = resultsOf(await folder.run("--trials", "3", "--epochs", "1").ended);

  const html = readFileSync(folder.path("report.html"), "utf8");
  const data = JSON.parse(/id="sintonia-report">(.*)<\/script>/.exec(html)?.[1] ?? "{}");
  const path = "/api/v1/studies/small";
  assert.equal(data.answers[path].study.bestTrialId, results.best?.id);
  assert.equal(data.answers[`${path}/trials`].trials.length, 3);
  assert.equal(data.answers[`${path}/curves`].curves.length, 3);
  assert.equal(data.answers[`${path}/surrogate?parameter=stddev`].mean.length, 64);
  assert.ok(data.answers[`${path}/events`].events.length > 3);
  assert.ok(data.answers[`${path}/trials/0/explanation`] !== undefined);

  const file = folder.path("hand-in.md");
  const written = await folder.read("report", "--format", "md", "--lang", "es", "--out", file).ended;
  assert.equal(JSON.parse(written.stdout).file, file);
  assert.match(readFileSync(file, "utf8"), /## Conjunto de test/);
  const json = folder.path("hand-in.json");
  assert.equal((await folder.read("report", "--format", "json", "--out", json).ended).code, 0);
  assert.deepEqual(JSON.parse(readFileSync(json, "utf8")).best, { ...results.best, history: [] });
});

test("a run with more trials extends the ended one", async (context) => {
  const folder = new CommandFolder(context);
  const first = resultsOf(await folder.run("--trials", "2", "--epochs", "1").ended);
  const extended = resultsOf(await folder.run("--trials", "3", "--epochs", "1").ended);
  assertAllCompleted(extended, 3);
  assert.deepEqual(extended.trials.slice(0, 2), first.trials);
  const again = await folder.run("--trials", "2", "--epochs", "1").ended;
  assert.deepEqual(resultsOf(again), extended, "the first command still names this run");
  const fewer = await folder.run("--trials", "1", "--epochs", "1").ended;
  assert.deepEqual([fewer.code, fewer.stdout], [2, ""]);
});

test("commands read the studies of a folder during a run and after its end", async (context) => {
  const folder = new CommandFolder(context);
  const run = folder.run("--trials", "4", "--epochs", "2", "--trainers", "1");
  // The run has no coordinator yet: the command waits for it.
  await run.line(/^Run folder /);
  const { studies } = resultsOf<{ readonly studies: readonly { readonly id: string }[] }>(
    await folder.read("list").ended,
  );
  assert.ok(studies.length <= 1 && studies.every(({ id }) => id === "small"));
  const results = resultsOf(await run.ended);

  const shown = await folder.readWithoutServer("show", "small").ended;
  assert.deepEqual(resultsOf(shown).trials, results.trials);
  const best = await folder.readWithoutServer("best", "--download", "best").ended;
  const { files } = resultsOf<{ readonly files: readonly string[] }>(best);
  assert.deepEqual(
    files.map((file) => basename(file)),
    ["weights.safetensors", "model.json", "weights.bin", "model.onnx", "model.keras"],
  );
  const explained = await folder.readWithoutServer("explain", "small", "3").ended;
  assert.equal(explained.code, 0, explained.lines.join("\n"));
  const { values, source } = JSON.parse(explained.stdout);
  assert.equal(source, "model");
  assert.deepEqual(values, results.trials[3]?.values);
  assert.deepEqual(folder.leftProcesses(), []);
});

test("the same seed with one trainer gives the same values and metrics", async (context) => {
  const outcome = async (): Promise<unknown> => {
    const results = resultsOf(
      await new CommandFolder(context).run("--trials", "3", "--epochs", "3", "--trainers", "1").ended,
    );
    const { loss, accuracy } = results.test;
    return { trials: results.trials.map(({ id, values, objective }) => ({ id, values, objective })), loss, accuracy };
  };
  assert.deepEqual(await outcome(), await outcome());
});
