import assert from "node:assert/strict";
import { test } from "node:test";
import { assertFault, readTable, recorded, valuesOf } from "../fixture/files.fixture.js";

const read = (name: string, options = {}) => readTable(recorded(name), name, options);
const withoutTags = { use: (name: string) => (name === "tags" ? "skip" : "value") };

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2024, 0, 1);
const SIZE = [1.5, 2.5, undefined, 4.5, 5.5, 6.5];
const COLOR = ["red", "blue", "red", undefined, "grün", "blue"];

for (const codec of ["snappy", "zstd", "gzip", "brotli", "lz4"]) {
  test(`reads a Parquet file of pandas, compressed with ${codec}`, async () => {
    const table = await read(`table-${codec}.parquet`, withoutTags);
    assert.deepEqual(table.names, ["size", "count", "color", "sold", "day", "tags", "price"]);
    assert.deepEqual(valuesOf(table, "size"), SIZE);
    assert.deepEqual(valuesOf(table, "count"), [1, 2, 3, 4, 5, 2 ** 40]);
    assert.deepEqual(valuesOf(table, "color"), COLOR);
    assert.deepEqual(valuesOf(table, "sold"), ["true", "false", "true", "true", "false", "false"]);
    assert.deepEqual(
      valuesOf(table, "day"),
      [0, 1, 2, 3, 4, 5].map((day) => FIRST_DAY + day * DAY_MS),
    );
    assert.deepEqual(valuesOf(table, "price"), [10, 20, 30, 40, 50, 60]);
    assert.equal(table.rowName(5), "row 6");
  });
}

test("refuses a nested column of a Parquet file unless it is ignored", async () => {
  await assertFault(
    read("table-snappy.parquet"),
    /^table-snappy.parquet: column tags: the column is nested .*; ignore it/,
  );
});

test("reads numbers of a Parquet file as texts where a plan says so", async () => {
  const table = await read("table-snappy.parquet", { use: (name: string) => (name === "count" ? "text" : "skip") });
  assert.deepEqual(valuesOf(table, "count"), ["1", "2", "3", "4", "5", "1099511627776"]);
});

test("reads JSON Lines of pandas; null is missing", async () => {
  const table = await read("table.jsonl");
  assert.deepEqual(valuesOf(table, "size"), SIZE);
  assert.deepEqual(valuesOf(table, "color"), COLOR);
  assert.deepEqual(valuesOf(table, "sold"), ["true", "false", "true", "true", "false", "false"]);
});

test("reads compressed TSV of pandas", async () => {
  const table = await read("table.tsv.gz");
  assert.deepEqual(valuesOf(table, "size"), SIZE);
  assert.deepEqual(valuesOf(table, "color"), COLOR);
  assert.deepEqual(valuesOf(table, "count"), [1, 2, 3, 4, 5, 2 ** 40]);
  assert.equal(table.rowName(0), "line 2");
});

const ROWS = [0, 1, 2, 3].map((row) => [0, 1, 2, 3, 4, 5].map((index) => 6 * row + index));

test("reads the arrays of an NPZ file in every number type and byte order", async () => {
  const table = await read("arrays.npz");
  for (const name of ["x", "small", "big"]) assert.deepEqual(valuesOf(table, name), ROWS, name);
  assert.deepEqual(valuesOf(table, "ints"), [0, 6, 12, 18]);
  assert.deepEqual(valuesOf(table, "y"), ["no", "yes", "no", "yes"]);
});

test("reads arrays in Fortran order, compressed, as the same rows", async () => {
  const table = await read("fortran.npz");
  assert.deepEqual(valuesOf(table, "x"), ROWS);
  assert.deepEqual(valuesOf(table, "y"), ["false", "true", "false", "true"]);
});

test("refuses arrays of Python objects, of no rows, and of different lengths", async () => {
  await assertFault(read("objects.npz"), /^objects.npz: column y: the array holds Python objects; save numbers/);
  const only = { use: (name: string) => (name === "x" ? "value" : "skip") };
  assert.deepEqual(valuesOf(await read("objects.npz", only), "x"), ROWS);
  await assertFault(read("uneven.npz"), /^uneven.npz: column y: the array has 3 rows, x has 4; ignore one of them/);
  const scalar = { use: (name: string) => (name === "scalar" ? "value" : "skip") };
  await assertFault(read("uneven.npz", scalar), /column scalar: a single number/);
});

test("reads a matrix as columns that are named by their indices", async () => {
  for (const name of ["matrix.npy", "matrix.npy.gz"]) {
    const table = await read(name);
    assert.deepEqual(table.names, ["0", "1", "2", "3", "4", "5"]);
    assert.deepEqual(valuesOf(table, "4"), [4, 10, 16, 22]);
  }
  await assertFault(read("cube.npy"), /^cube.npy: expected an array of rows and columns, found shape \(4, 2, 3\)/);
});
