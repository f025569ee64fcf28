import assert from "node:assert/strict";
import { test } from "node:test";
import type { FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import { recorded } from "../fixture/files.fixture.js";
import { DataCache } from "./data-cache.js";

const wine: FileDataSet = {
  path: "wine.csv",
  target: "target",
  task: "classification",
  files: { "wine.csv": { sha256: "a".repeat(64), sizeBytes: 12_000 } },
};

/** Opens data sets and counts the files that were read. */
function opener(bytesMax?: number) {
  const cache = new DataCache(bytesMax);
  let reads = 0;
  const pathOf = (path: string) => {
    reads++;
    return recorded(path);
  };
  const open = (plan: FileDataSet, fold = 0) => cache.open(plan, pathOf, { fold, splits: ["train", "validation"] });
  return { open, reads: () => reads };
}

test("reads a data set of the same plan and content once", async () => {
  const { open, reads } = opener();
  const first = await open(wine);
  assert.equal(await open(structuredClone(wine)), first);
  assert.equal(reads(), 1);
});

test("reads again for another plan, content or fold, and where the content is not known", async () => {
  const { open, reads } = opener();
  await open(wine);
  await open({ ...wine, standardize: false });
  await open({ ...wine, files: { "wine.csv": { sha256: "b".repeat(64), sizeBytes: 12_000 } } });
  const folds: FileDataSet = { ...wine, split: { folds: 3 } };
  await open(folds, 0);
  await open(folds, 1);
  const { files: _, ...unknown } = wine;
  await open(unknown);
  await open(unknown);
  assert.equal(reads(), 7);
});

test("drops the data sets that were not used for longest when the memory is full", async () => {
  const { open, reads } = opener(15_000);
  await open(wine);
  await open({ ...wine, standardize: false });
  await open({ ...wine, standardize: false });
  assert.equal(reads(), 2);
  await open(wine);
  assert.equal(reads(), 3);
});
