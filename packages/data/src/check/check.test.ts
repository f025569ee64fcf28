import assert from "node:assert/strict";
import { test } from "node:test";
import type { FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import { assertFault, openFiles } from "../fixture/files.fixture.js";

const PLAN: FileDataSet = { path: "x.csv", target: "y", task: "classification" };
const EXAMINE = { examine: true };

/** A table of `count` rows: a number a, a group g, a class y. */
function table(count: number, row: (index: number) => string): string {
  return ["a,g,y", ...Array.from({ length: count }, (_, index) => row(index))].join("\n");
}

test("examines every fold: the classes that its validation rows lack", async (t) => {
  const content = table(42, (index) => `${index},${index % 6},${index % 6 < 3 ? "no" : "yes"}`);
  const plan = { ...PLAN, split: { folds: 5, group: "g", test: 0.1 } };
  const { folds = [] } = await openFiles(t, { "x.csv": content }, plan, EXAMINE);
  assert.deepEqual(
    folds.map(({ rows, absentClasses }) => [rows, absentClasses.length]),
    Array.from({ length: 5 }, () => [7, 1]),
  );
  assert.equal((await openFiles(t, { "x.csv": content }, plan)).folds, undefined);
});

test("refuses a class that only the validation rows of a later fold have", async (t) => {
  const content = table(60, (index) => `${index},${index},${index === 32 ? "rare" : index % 2 ? "no" : "yes"}`);
  const plan = { ...PLAN, split: { folds: 3, time: "a", test: 0.2 } };
  await openFiles(t, { "x.csv": content }, plan);
  const message = /^x.csv: line 34, column y: the class "rare" is in the validation split of fold 2 and in no training/;
  await assertFault(openFiles(t, { "x.csv": content }, plan, EXAMINE), message);
});

test("refuses a group with rows in the files of two splits", async (t) => {
  const plan: FileDataSet = {
    train: "x.csv",
    test: "t.jsonl",
    target: "y",
    task: "classification",
    split: { group: "g" },
  };
  const content = table(30, (index) => `${index},${index % 6},${index % 2}`);
  const open = (group: number) => {
    const lines = [0, 1, 2].map((index) => JSON.stringify({ a: index, g: index === 2 ? group : 7, y: index % 2 }));
    return openFiles(t, { "x.csv": content, "t.jsonl": lines.join("\n") }, plan);
  };
  await assertFault(
    open(5),
    /^t.jsonl: line 3, column g: the group "5" is also in x.csv; a group belongs to one split/,
  );
  assert.equal((await open(8)).test?.count, 3);
});

test("refuses times that overlap between the files of two splits", async (t) => {
  const plan: FileDataSet = {
    train: "x.csv",
    test: "t.jsonl",
    target: "y",
    task: "classification",
    split: { time: "g" },
  };
  const content = table(30, (index) => `${index},${index},${index % 2}`);
  const open = (first: number) => {
    const lines = [40, first, 31].map((g, index) => JSON.stringify({ a: index, g, y: index % 2 }));
    return openFiles(t, { "x.csv": content, "t.jsonl": lines.join("\n") }, plan);
  };
  for (const time of [0, 28, 29]) {
    await assertFault(open(time), /^t.jsonl: line 2, column g: the time is not later than the last one of x.csv; /);
  }
  assert.equal((await open(30)).test?.count, 3);
});

test("points out rows of another split's file that also train", async (t) => {
  const plan: FileDataSet = { train: "x.csv", validation: "v.csv", test: "t.csv", target: "y", task: "classification" };
  const content = (from: number) => table(30, (index) => `${from + index / 8},word${index % 3},${index % 2}`);
  const files = {
    "x.csv": content(0),
    "v.csv": content(100),
    "t.csv": `${content(200)}\n0,word0,0\n0.125,word1,1\n0.125,word1,0`,
  };
  const { findings } = await openFiles(t, files, plan, EXAMINE);
  assert.deepEqual(findings, ["t.csv: 2 of 33 rows are also in x.csv; figures of known rows say little"]);
  assert.deepEqual((await openFiles(t, files, plan)).findings, []);
});
