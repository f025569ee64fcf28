import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import { assertFault, openFiles, recorded, temporaryFolder } from "../fixture/files.fixture.js";
import type { Preparation } from "../preparation/preparation.js";
import { openFileDataSet } from "./open-file-data-set.js";
import { prepareNewRows } from "./prepare-new-rows.js";

async function prepare(t: TestContext, preparation: Preparation, content: string, name = "new.csv") {
  const path = join(await temporaryFolder(t), name);
  await writeFile(path, content);
  return prepareNewRows(preparation, { path, name });
}

test("gives the same inputs as the data set itself, from the stored JSON", async () => {
  const plan: FileDataSet = { path: "breast-cancer.csv", target: "target", task: "classification" };
  const data = await openFileDataSet(plan, recorded);
  const stored = JSON.parse(JSON.stringify(data.preparation)) as Preparation;
  const file = { path: recorded("breast-cancer.csv"), name: "breast-cancer.csv" };
  const { inputs, features, rows, count } = await prepareNewRows(stored, file);
  assert.deepEqual([features, rows.length, count], [30, 569, 569]);
  data.rows.test.forEach((row, index) => {
    const expected = data.test?.inputs.subarray(index * features, (index + 1) * features);
    assert.deepEqual(inputs.subarray(row * features, (row + 1) * features), expected);
  });
});

const TABLE = [
  "a,c,y",
  ...Array.from({ length: 20 }, (_, index) => `${index},${index % 2 ? "red" : "blue"},${index % 2}`),
].join("\n");

async function fitted(t: TestContext, plan: Partial<FileDataSet> = {}): Promise<Preparation> {
  const whole: FileDataSet = { path: "x.csv", target: "y", task: "classification", standardize: false, ...plan };
  return (await openFiles(t, { "x.csv": TABLE }, whole)).preparation;
}

test("needs no target, takes other orders and formats, and gives unknown categories their place", async (t) => {
  const preparation = await fitted(t);
  const expected = new Float32Array([7, 0, 0, 1, 8, 1, 0, 0]);
  assert.deepEqual((await prepare(t, preparation, "c,id,a\ngreen,x,7\nblue,y,8\n")).inputs, expected);
  const lines = '{"a":7,"c":"green"}\n{"c":"blue","a":8}\n';
  assert.deepEqual((await prepare(t, preparation, lines, "new.jsonl")).inputs, expected);
});

test("leaves rows with missing values out if the plan drops them", async (t) => {
  const preparation = await fitted(t, { missing: "drop-row" });
  const { rows, inputs, count } = await prepare(t, preparation, "a,c\n1,red\n,red\n3,\n4,blue\n");
  assert.deepEqual([[...rows], count], [[0, 3], 4]);
  assert.deepEqual([...inputs], [1, 0, 1, 0, 4, 1, 0, 0]);
});

test("refuses rows that the model cannot read, with one line", async (t) => {
  const preparation = await fitted(t);
  await assertFault(prepare(t, preparation, "a\n1\n"), /^new.csv: columns of the model are not there: c/);
  await assertFault(prepare(t, preparation, "a,c\n1,red\n,red\n"), /^new.csv: line 3, column a: the value is missing/);
  await assertFault(
    prepare(t, preparation, "a,c\n1,red\nx,red\n"),
    /^new.csv: line 3, column a: expected a number, found "x"/,
  );
});
