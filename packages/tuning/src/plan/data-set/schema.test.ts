import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems, toProblems } from "../../validation/problems.js";
import { findingsOf } from "../../validation/schema.js";
import { fileDataSetSchema } from "./schema.js";

const WINE = { path: "data/wine.csv", target: "quality", task: "classification" };

function problemsOf(json: unknown): string {
  const result = fileDataSetSchema.safeParse(json);
  return result.success ? "" : formatProblems(toProblems(findingsOf(result.error, json)));
}

test("accepts the data sets of the documentation as they are", () => {
  for (const json of [
    { ...WINE, split: { validation: 0.15, test: 0.15, stratify: true } },
    { path: "x.npz", inputs: ["x"], target: "y", task: "regression", split: { folds: 5, test: 0.2 } },
    {
      train: "train.parquet",
      validation: "val.parquet",
      test: "test.parquet",
      target: "label",
      task: "classification",
      ignore: ["id"],
    },
    {
      ...WINE,
      columns: { zip: "categorical" },
      classWeight: { yes: 2 },
      files: { "data/wine.csv": { sha256: "0".repeat(64), sizeBytes: 3 } },
    },
  ]) {
    assert.deepEqual(fileDataSetSchema.parse(json), json);
  }
});

test("refuses paths outside the folder of the spec", () => {
  for (const path of [
    "/etc/passwd",
    "../wine.csv",
    "a/../../wine.csv",
    "C:\\wine.csv",
    "~/wine.csv",
    "a\\..\\wine.csv",
    "a\0.csv",
    "",
  ]) {
    assert.match(problemsOf({ ...WINE, path }), /^path: received .*, expected the path of a file in or below/, path);
  }
  for (const path of ["wine.csv", "./wine.csv", "a/b..c/wine.csv", "..wine.csv"])
    assert.equal(problemsOf({ ...WINE, path }), "");
});

const REFUSED: readonly (readonly [object, RegExp])[] = [
  [{ path: undefined }, /^path: received nothing, expected the path of a file \(or train/],
  [{ train: "a.csv" }, /^train: .*no file for a split beside path/],
  [{ path: "wine.txt" }, /^path: received "wine.txt", expected a name that ends in one of .csv/],
  [{ ignore: ["quality"] }, /^ignore: .*other than the target quality/],
  [{ inputs: ["quality"] }, /^inputs: .*other than the target quality/],
  [{ target: ["a", "b"] }, /^target: .*one column for a classification/],
  [{ target: ["a", "a"], task: "regression" }, /^target: .*names that differ/],
  [{ task: "regression", classWeight: "balanced" }, /^classWeight: .*sampleWeight names a column/],
  [
    { task: "regression", split: { stratify: true } },
    /^split.stratify: received true, expected false for a regression/,
  ],
  [{ split: { folds: 5, validation: 0.1 } }, /^split.validation: .*beside folds/],
  [{ split: { group: "a", time: "b" } }, /^split.time: .*either group or time/],
  [{ split: { validation: 0.5, test: 0.5 } }, /^split.validation: .*leave rows to train/],
  [
    { path: undefined, train: "a.csv", test: "b.csv", split: { test: 0.1 } },
    /^split.test: .*names a file for this split/,
  ],
  [{ separator: "ab" }, /^separator: .*one ASCII character/],
  [{ target: 3 }, /^target: received 3, expected the name of a column/],
];

test("refuses fields that do not fit together, with one line each", () => {
  for (const [change, message] of REFUSED) {
    const json = JSON.parse(JSON.stringify({ ...WINE, ...change }));
    const problems = problemsOf(json);
    assert.match(problems, message);
    assert.equal(problems.split("\n").length, 1, problems);
  }
});
