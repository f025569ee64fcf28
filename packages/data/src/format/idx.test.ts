import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { assertFault, readTable, temporaryFolder, valuesOf } from "../fixture/files.fixture.js";

const IMAGES = "train-images-idx3-ubyte";
const LABELS = "train-labels-idx1-ubyte";

/** Returns an IDX file: the type byte, big-endian sizes, and the elements. */
function idx(type: number, sizes: readonly number[], elements: Uint8Array): Buffer {
  const header = Buffer.from([0, 0, type, sizes.length, ...sizes.flatMap((size) => [0, 0, 0, size])]);
  return Buffer.concat([header, elements]);
}

async function read(t: TestContext, files: Readonly<Record<string, Uint8Array>>, name = IMAGES) {
  const folder = await temporaryFolder(t);
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content);
  const fileOf = (other: string) => ({ path: join(folder, other), name: other });
  return readTable(join(folder, name), name, { fileOf });
}

const images = idx(8, [2, 1, 3], Uint8Array.of(1, 2, 3, 4, 5, 255));
const labels = idx(8, [2], Uint8Array.of(7, 0));

test("reads images, and the labels of the file beside them", async (t) => {
  const table = await read(t, { [IMAGES]: images, [LABELS]: labels });
  assert.deepEqual(table.names, ["images", "labels"]);
  assert.deepEqual(valuesOf(table, "images"), [
    [1, 2, 3],
    [4, 5, 255],
  ]);
  assert.deepEqual(valuesOf(table, "labels"), [7, 0]);
});

test("reads big-endian numbers", async (t) => {
  const floats = Buffer.alloc(16);
  [0.5, -1.5, 2.25, 1e9].forEach((value, index) => {
    floats.writeFloatBE(value, 4 * index);
  });
  const table = await read(t, {
    [IMAGES]: idx(13, [2, 2], floats),
    [LABELS]: idx(11, [2], Uint8Array.of(1, 0, 255, 255)),
  });
  assert.deepEqual(valuesOf(table, "images"), [
    [0.5, -1.5],
    [2.25, 1e9],
  ]);
  assert.deepEqual(valuesOf(table, "labels"), [256, -1]);
});

test("refuses files that do not belong together or are damaged", async (t) => {
  await assertFault(read(t, { "x.idx": images }, "x.idx"), /^x.idx: expected a name such as train-images-idx3-ubyte/);
  await assertFault(read(t, { [IMAGES]: images }), /^train-labels-idx1-ubyte: there is no such file/);
  const three = idx(8, [3], Uint8Array.of(1, 2, 3));
  await assertFault(
    read(t, { [IMAGES]: images, [LABELS]: three }),
    /^train-labels-idx1-ubyte: expected 2 labels, found shape \(3\)/,
  );
  await assertFault(
    read(t, { [IMAGES]: images.subarray(0, 18), [LABELS]: labels }),
    /^train-images-idx3-ubyte: the file ends 4 bytes too early/,
  );
  await assertFault(
    read(t, { [IMAGES]: Buffer.concat([images, labels]), [LABELS]: labels }),
    /^train-images-idx3-ubyte: bytes follow the end/,
  );
  await assertFault(
    read(t, { [IMAGES]: Buffer.from("PK12345678901234"), [LABELS]: labels }),
    /^train-images-idx3-ubyte: not an IDX file/,
  );
});
