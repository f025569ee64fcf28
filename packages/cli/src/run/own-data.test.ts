import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { checkStudySpec } from "@sintonia/tuning/spec/check/parse";
import { remoteContents } from "../study/files/sources.js";
import { UsageError } from "../system/usage-error.js";
import { completeSpec } from "./complete-spec.js";
import { checkOwnData } from "./own-data.js";

const TABLE = ["a,b,y", ...Array.from({ length: 40 }, (_, row) => `${row % 7},${row},${row % 2}`)].join("\n");

const contents = () => remoteContents({});

/** Checks the data of a study in a folder of its own and returns the printed lines. */
async function check(
  t: TestContext,
  units: unknown,
  table: string,
  { split, metric = "val_accuracy" }: { readonly split?: object; readonly metric?: string } = {},
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "sintonia-own-data-"));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "x.csv"), table);
  const parsed = checkStudySpec({
    name: "own",
    dataset: { path: "x.csv", target: "y", task: "classification", ...(split === undefined ? {} : { split }) },
    parameters: {
      rate: { type: "double", min: 0.001, max: 0.1 },
      ...(units === "$units" ? { units: { type: "integer", min: 2, max: 4 } } : {}),
    },
    objective: { metric, goal: "maximize" },
    model: { layers: [{ type: "Dense", units, activation: "softmax" }] },
    training: {
      optimizer: { type: "adam", learningRate: "$rate" },
      loss: "categorical_crossentropy",
      batchSize: 8,
      maxEpochs: 1,
    },
    budget: { maxTrials: 1 },
  });
  assert.ok(parsed.ok, JSON.stringify(parsed));
  const lines: string[] = [];
  const display = { print: (line: string) => void lines.push(line), task: () => undefined };
  const complete = await completeSpec(parsed.spec, { folder, contents, display });
  await checkOwnData(complete, display);
  return lines;
}

test("says what the data are, and points out columns that look like identifiers", async (t) => {
  assert.deepEqual((await check(t, 2, TABLE)).slice(-2), [
    "Data        28 rows train, 6 for validation, 6 for the test; 2 features, 2 classes",
    "Data        x.csv: column b has another value in every row, as an identifier has; ignore: [b]",
  ]);
});

test("refuses data with a fault before a study begins", async (t) => {
  await assert.rejects(check(t, 2, `${TABLE}\n1,,0`), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /^x.csv: line 42, column b: the value is missing; set missing: mean/);
    assert.deepEqual(error.facts, { file: "x.csv", row: "line 42", column: "b" });
    return true;
  });
});

test("refuses a space with values whose model does not fit the data", async (t) => {
  await assert.rejects(
    check(t, 3, TABLE),
    /the model does not fit the data: model.layers\[0\].units: received 3, expected 2/,
  );
  await assert.rejects(
    check(t, "$units", TABLE),
    /received \$units = 4, expected 2 in the last layer, one unit per class/,
  );
});

test("refuses a metric that the validation rows of any fold leave undefined", async (t) => {
  const rows = Array.from({ length: 40 }, (_, row) => `${row % 7},${row},${row < 30 ? row % 2 : Number(row > 35)}`);
  const table = ["a,b,y", ...rows].join("\n");
  const split = { folds: 4, time: "b", test: 0.2 };
  assert.ok((await check(t, 2, table, { split })).length > 0);
  await check(t, 2, table, { split, metric: "val_auc" });
  const late = table.replaceAll(/(\d),(2[6-9]|3[01]),\d/g, "$1,$2,0");
  await assert.rejects(
    check(t, 2, late, { split, metric: "val_auc" }),
    /the model does not fit the data of fold 4: objective.metric: received "val_auc", .*no row of class 1/,
  );
});

test("points out a class without a row for the test", async (t) => {
  const rows = Array.from({ length: 40 }, (_, row) => `${row % 7},${row},${row > 30 ? 0 : row % 2}`);
  const lines = await check(t, 2, ["a,b,y", ...rows].join("\n"), { split: { time: "b", test: 0.2 } });
  assert.equal(
    lines.at(-1),
    "Data        no row for the test has the class 1; scores such as auc will have no test figure",
  );
});
