import assert from "node:assert/strict";
import { test } from "node:test";
import { dataFilePaths, type FileDataSet, formatOfName, labelsPathOf } from "./file-data-set.js";

const plan: FileDataSet = { path: "wine.csv", target: "quality", task: "classification" };

test("tells the format from the name of a file, compressed or not", () => {
  assert.equal(formatOfName("data/wine.CSV"), "csv");
  assert.equal(formatOfName("wine.csv.gz"), "csv");
  assert.equal(formatOfName("a.b/events.ndjson.gz"), "jsonl");
  assert.equal(formatOfName("train-images-idx3-ubyte.gz"), "idx");
  assert.equal(formatOfName("train-images.idx3-ubyte"), "idx");
  for (const name of ["wine", "wine.txt", "csv", "wine.csv.zip", "x.toString"]) {
    assert.equal(formatOfName(name), name === "csv" ? "csv" : undefined, name);
  }
});

test("finds the labels beside images that are named as MNIST's", () => {
  assert.equal(labelsPathOf("m/train-images-idx3-ubyte.gz"), "m/train-labels-idx1-ubyte.gz");
  assert.equal(labelsPathOf("t10k-images.idx3-ubyte"), "t10k-labels.idx1-ubyte");
  assert.equal(labelsPathOf("images.idx"), undefined);
});

test("lists every file once, with the labels of images", () => {
  assert.deepEqual(dataFilePaths(plan), ["wine.csv"]);
  const files = { train: "a-images-idx3-ubyte", validation: "v.idx", test: "v.idx" };
  assert.deepEqual(dataFilePaths({ ...files, target: "label", task: "classification" }), [
    "a-images-idx3-ubyte",
    "a-labels-idx1-ubyte",
    "v.idx",
  ]);
});
