import assert from "node:assert/strict";
import { test } from "node:test";
import type { FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import { assertFault, openFiles, recorded } from "../fixture/files.fixture.js";
import { featureNames } from "../preparation/preparation.js";
import { openFileDataSet } from "./open-file-data-set.js";

const PLAN: FileDataSet = { path: "x.csv", target: "y", task: "classification" };

/** A table of `count` rows: numbers a, colors c, booleans b, classes y. */
function table(
  count: number,
  row: (index: number) => string = (index) =>
    `${index % 7},${index % 5 === 0 ? "red" : "blue"},${index % 2 === 0},${index % 3 === 0 ? "yes" : "no"}`,
): string {
  return ["a,c,b,y", ...Array.from({ length: count }, (_, index) => row(index))].join("\n");
}

function rowsOf(inputs: Float32Array, features: number): number[][] {
  return Array.from({ length: inputs.length / features }, (_, row) => [
    ...inputs.subarray(row * features, (row + 1) * features),
  ]);
}

test("prepares scikit-learn's data sets from the files alone", async () => {
  const open = (path: string, task: FileDataSet["task"]) => openFileDataSet({ path, target: "target", task }, recorded);
  const cancer = await open("breast-cancer.csv", "classification");
  assert.deepEqual([cancer.train?.count, cancer.validation?.count, cancer.test?.count], [399, 85, 85]);
  assert.deepEqual([cancer.features, cancer.outputs, cancer.preparation.classes], [30, 2, ["0", "1"]]);
  const wine = await open("wine.csv", "classification");
  assert.deepEqual([wine.features, wine.outputs, wine.preparation.classes], [13, 3, ["0", "1", "2"]]);
  const diabetes = await open("diabetes.csv", "regression");
  assert.deepEqual([diabetes.features, diabetes.outputs, diabetes.preparation.targets], [10, 1, ["target"]]);
  assert.equal(diabetes.train?.targets.kind, "values");
  for (const { findings } of [cancer, wine, diabetes]) assert.deepEqual(findings, []);
});

test("standardises by mean and deviation of the training rows alone", async (t) => {
  const data = await openFiles(t, { "x.csv": table(100) }, PLAN);
  const column = data.preparation.columns[0];
  assert.ok(column?.type === "numeric");
  const values = [...data.rows.train].map((row) => row % 7);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  assert.ok(Math.abs((column.mean[0] as number) - mean) < 1e-12);
  assert.ok(Math.abs((column.deviation[0] as number) - Math.sqrt(variance)) < 1e-12);
  const first = rowsOf(data.validation?.inputs as Float32Array, data.features)[0] as number[];
  const raw = (data.rows.validation[0] as number) % 7;
  assert.equal(first[0], Math.fround((raw - (column.mean[0] as number)) / (column.deviation[0] as number)));
});

test("leaves numbers as they are without standardisation", async (t) => {
  const data = await openFiles(t, { "x.csv": table(100) }, { ...PLAN, standardize: false });
  const rows = rowsOf(data.train?.inputs as Float32Array, data.features);
  assert.deepEqual(
    rows.map(([a]) => a),
    [...data.rows.train].map((row) => row % 7),
  );
});

test("encodes categories one-hot with a place for unknown ones, and booleans as 0 and 1", async (t) => {
  const test = "a,c,b,y\n1,green,true,yes\n1,blue,false,no\n";
  const data = await openFiles(
    t,
    { "x.csv": table(40), "t.csv": test },
    { train: "x.csv", test: "t.csv", target: "y", task: "classification", standardize: false },
  );
  assert.deepEqual(featureNames(data.preparation), ["a", "c=blue", "c=red", "c=(unknown)", "b"]);
  assert.deepEqual(rowsOf(data.test?.inputs as Float32Array, 5), [
    [1, 0, 0, 1, 1],
    [1, 1, 0, 0, 0],
  ]);
  assert.deepEqual([...((data.test?.targets.kind === "classes" && data.test.targets.labels) || [])], [1, 0]);
});

test("counts exact texts as categories where a plan says so", async (t) => {
  const rows = (index: number) => `0${index % 3},red,true,${index % 2}`;
  const data = await openFiles(
    t,
    { "x.csv": table(30, rows) },
    { ...PLAN, ignore: ["b", "c"], columns: { a: "categorical" } },
  );
  assert.deepEqual(featureNames(data.preparation), ["a=00", "a=01", "a=02", "a=(unknown)"]);
});

const HOLES = (index: number) =>
  `${index === 4 ? "" : index},${index === 5 ? "" : "red"},${index === 6 ? "" : "true"},${index % 2}`;

test("refuses missing values unless the plan says what they become", async (t) => {
  const files = { "x.csv": table(20, HOLES) };
  await assertFault(
    openFiles(t, files, PLAN),
    /^x.csv: line 6, column a: the value is missing; set missing: mean \| median/,
  );
  await assertFault(
    openFiles(
      t,
      { "x.csv": table(20, (index) => `1,red,true,${index === 3 ? "" : index % 2}`) },
      { ...PLAN, missing: "mean" },
    ),
    /^x.csv: line 5, column y: the value is missing; missing: drop-row leaves such rows out/,
  );
  const whole = { split: { validation: 0, test: 0 }, standardize: false } as const;
  for (const missing of ["mean", "median"] as const) {
    const data = await openFiles(t, files, { ...PLAN, ...whole, missing });
    assert.deepEqual(featureNames(data.preparation), ["a", "c=red", "c=(unknown)", "c=(missing)", "b", "b=(missing)"]);
    const rows = rowsOf(data.train?.inputs as Float32Array, 6);
    const others = Array.from({ length: 20 }, (_, index) => index).filter((index) => index !== 4);
    const mean = others.reduce((sum, value) => sum + value, 0) / 19;
    assert.deepEqual(rows[4], [missing === "mean" ? Math.fround(mean) : 10, 1, 0, 0, 1, 0]);
    assert.deepEqual(rows[5], [5, 0, 0, 1, 1, 0]);
    assert.deepEqual(rows[6], [6, 1, 0, 0, 0, 1]);
  }
  const marked = await openFiles(t, files, { ...PLAN, ...whole, missing: "category" });
  assert.deepEqual(featureNames(marked.preparation).slice(0, 2), ["a", "a=(missing)"]);
  assert.deepEqual(
    rowsOf(marked.train?.inputs as Float32Array, 7).map((row) => row[1]),
    Array.from({ length: 20 }, (_, index) => (index === 4 ? 1 : 0)),
  );
  const dropped = await openFiles(t, files, { ...PLAN, ...whole, missing: "drop-row" });
  assert.deepEqual(
    [...dropped.rows.train],
    Array.from({ length: 20 }, (_, index) => index).filter((index) => index < 4 || index > 6),
  );
});

test("weighs training rows by their column and their class, with mean 1", async (t) => {
  const rows = (index: number) => `${index % 3},red,true,${index % 4 === 0 ? "rare" : "often"}`;
  const plan = { ...PLAN, split: { validation: 0, test: 0 } };
  const balanced = await openFiles(t, { "x.csv": table(40, rows) }, { ...plan, classWeight: "balanced" });
  assert.deepEqual([...(balanced.train?.weights?.subarray(0, 2) ?? [])], [2, Math.fround(2 / 3)]);
  const both = await openFiles(
    t,
    { "x.csv": table(40, rows) },
    { ...plan, sampleWeight: "a", classWeight: { rare: 3 } },
  );
  const expected = Array.from({ length: 40 }, (_, index) => (index % 3) * (index % 4 === 0 ? 3 : 1));
  const mean = expected.reduce((sum, weight) => sum + weight, 0) / 40;
  assert.deepEqual(
    [...(both.train?.weights ?? [])],
    expected.map((weight) => Math.fround(weight / mean)),
  );
  assert.deepEqual(featureNames(both.preparation).includes("a"), false);
});

test("reads arrays and several targets", async () => {
  const plan: FileDataSet = {
    path: "arrays.npz",
    inputs: ["x", "ints"],
    target: ["small", "big"],
    task: "regression",
    split: { validation: 0.25, test: 0 },
  };
  const data = await openFileDataSet(plan, recorded);
  assert.deepEqual([data.features, data.outputs], [7, 12]);
  assert.deepEqual(data.preparation.targets.slice(4, 8), ["small[4]", "small[5]", "big[0]", "big[1]"]);
  assert.ok(data.validation?.targets.kind === "values");
  const row = data.rows.validation[0] as number;
  const values = [0, 1, 2, 3, 4, 5].map((index) => 6 * row + index);
  assert.deepEqual([...data.validation.targets.values], [...values, ...values]);
});

test("points out constant columns and identifiers", async (t) => {
  const rows = (index: number) => `${index + 100},red,true,${index % 2}`;
  const { findings } = await openFiles(t, { "x.csv": table(30, rows) }, PLAN);
  assert.deepEqual(findings, [
    "x.csv: column a has another value in every row, as an identifier has; ignore: [a]",
    "x.csv: column c has the same value in every row; ignore: [c]",
    "x.csv: column b has the same value in every row; ignore: [b]",
  ]);
});

test("reads no file of a split that is not asked for", async (t) => {
  const plan: FileDataSet = { train: "x.csv", test: "none.csv", target: "y", task: "classification" };
  const data = await openFiles(t, { "x.csv": table(40) }, plan, { splits: ["train", "validation"] });
  assert.equal(data.test, undefined);
  assert.ok((data.validation?.count ?? 0) > 0);
  await assertFault(openFiles(t, { "x.csv": table(40) }, plan), /^none.csv: there is no such file/);
});

const REFUSED: readonly (readonly [content: string, plan: Partial<FileDataSet>, message: RegExp])[] = [
  [table(20), { target: "Y" }, /^x.csv: there is no column Y; did you mean y\?/],
  [table(20), { target: "label" }, /^x.csv: there is no column label; the columns are a, c, b, y/],
  [table(20), { ignore: ["id"] }, /^x.csv: there is no column id/],
  [table(20), { ignore: ["a", "b", "c"] }, /^x.csv: no column is left for the inputs/],
  [table(20, () => "1,red,true,yes"), {}, /^x.csv: column y: every row has the class "yes"/],
  [
    table(20, (index) => `${index},red,true,${index / 4}`),
    {},
    /^x.csv: line 3, column y: the class is the fraction 0.25; .*regression/,
  ],
  [
    table(20),
    { task: "regression", target: "c" },
    /^x.csv: line 2, column c: expected a number to predict, found "red"/,
  ],
  [
    table(20, (index) => `2024-01-${10 + index},red,true,${index % 2}`),
    {},
    /^x.csv: column a: the column holds dates or times, such as "2024-01-10", .*ignore: \[a\]/,
  ],
  [
    table(20, (index) => `"1,${index}",red,true,${index % 2}`),
    {},
    /^x.csv: column a: numbers with a decimal comma \("1,0"\)/,
  ],
  [
    table(20, (index) => `,red,true,${index % 2}`),
    { missing: "mean" },
    /^x.csv: column a: the column has no values; ignore: \[a\]/,
  ],
  [
    table(1_500, (index) => `word${index},red,true,${index % 2}`),
    {},
    /^x.csv: column a: 1500 different texts, such as "word0"; ignore: \[a\]/,
  ],
  [
    table(20, (index) => `${index},red,true,${index === 19 ? "rare" : "often"}`),
    { split: { time: "a" } },
    /^x.csv: line 21, column y: the class "rare" is in the test split and in no training row/,
  ],
  [table(20), { columns: { c: "numeric" } }, /^x.csv: line 2, column c: expected a number, found "red"/],
  [table(20), { columns: { a: "boolean" } }, /^x.csv: line 4, column a: expected true, false, 1 or 0, found 2/],
  [table(20), { sampleWeight: "c" }, /^x.csv: line 2, column c: expected a number, found "red"/],
  [
    table(20),
    { classWeight: { maybe: 2 } },
    /^x.csv: classWeight names the class maybe, which no row has; the classes are no, yes/,
  ],
  [
    table(20),
    { split: { time: "c" } },
    /^x.csv: line 2, column c: expected a number or an ISO date such as 2024-01-31, found "red"/,
  ],
  [table(20), { split: { group: "b" } }, /^x.csv: column b: the column has 2 groups, the splits need at least 3/],
  [table(2, (index) => `1,red,true,${index}`), {}, /^x.csv: 2 rows are too few for the splits/],
  [
    table(20, (index) => `${index === 3 ? "1e300" : 1},red,true,${index % 2}`),
    { standardize: false },
    /^x.csv: line 5, column a: 1e\+300 is beyond the range of float32/,
  ],
  [
    table(20, (index) => `${index % 2 === 0 ? "1e300" : "-1e300"},red,true,${index % 2}`),
    {},
    /^x.csv: column a: the values are too large to be standardised/,
  ],
  [
    table(20, (index) => `1,red,true,${index === 3 ? "1e300" : 1}`),
    { task: "regression" },
    /^x.csv: line 5, column y: the target is not a finite number/,
  ],
];

test("refuses data that a plan does not fit, with one line that names file, row and column", async (t) => {
  for (const [content, plan, message] of REFUSED) {
    await assertFault(openFiles(t, { "x.csv": content }, { ...PLAN, ...plan }), message);
  }
});

test("refuses a file of another split with other columns or types", async (t) => {
  const plan: FileDataSet = {
    train: "x.csv",
    validation: "v.csv",
    target: "y",
    task: "classification",
    split: { test: 0 },
  };
  const open = (v: string) => openFiles(t, { "x.csv": table(20), "v.csv": v }, plan);
  await assertFault(open("a,c,y\n1,red,yes\n"), /^v.csv: there is no column b/);
  await assertFault(
    open("a,c,b,y\nx,red,true,yes\ny,red,true,no\n"),
    /^v.csv: line 2, column a: expected a number, found "x"/,
  );
  await assertFault(
    open("a,c,b,y\n1,red,true,maybe\n"),
    /^v.csv: line 2, column y: the class "maybe" is in the validation split/,
  );
});
