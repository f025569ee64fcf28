import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import type { IdxFile } from "./catalog.js";
import { DataSetError } from "./data-set-error.js";
import { createIdxFixture, encodeIdx } from "./idx.fixture.js";
import { unpackIdx } from "./idx.js";

const { description, files } = createIdxFixture({ train: 3, test: 2 });
const file: IdxFile = description.train.images;
const content = files.get(file.name) as Uint8Array;

async function refusal(bytes: Uint8Array): Promise<string> {
  const error = await unpackIdx(bytes, file, "some/path").then(
    () => assert.fail("was not refused"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DataSetError);
  assert.equal(error.code, "corrupt");
  assert.doesNotMatch(error.message, /\n/);
  assert.ok(error.message.startsWith("some/path: expected "), error.message);
  return error.message;
}

test("returns the values of a plain and of a gzipped file", async () => {
  const values = content.subarray(16);
  assert.equal(values.length, 18);
  assert.deepEqual(await unpackIdx(content, file, "a"), values);
  assert.deepEqual(Uint8Array.from(await unpackIdx(gzipSync(content), file, "a")), Uint8Array.from(values));
});

test("refuses a file that is too short or too long, with both sizes in the error", async () => {
  assert.match(await refusal(content.subarray(0, 33)), /expected 34 bytes, found 33/);
  assert.match(await refusal(content.subarray(0, 7)), /expected 34 bytes, found 7/);
  assert.match(await refusal(new Uint8Array(0)), /expected 34 bytes, found 0/);
  assert.match(await refusal(Buffer.concat([content, Buffer.of(0)])), /expected 34 bytes, found 35/);
});

test("refuses another kind of IDX file by its magic number", async () => {
  const labels = encodeIdx([30], new Uint8Array(30));
  assert.match(await refusal(labels), /magic number 0x00000803, found 0x00000801/);
});

test("refuses another number of images", async () => {
  const other = encodeIdx([2, 2, 3], new Uint8Array(12));
  assert.match(await refusal(other), /expected 3 x 2 x 3 values, found 2 x 2 x 3/);
});

test("refuses one flipped bit by the digest", async () => {
  const flipped = Uint8Array.from(content);
  flipped[20] = (flipped[20] as number) ^ 1;
  assert.match(await refusal(flipped), new RegExp(`expected SHA-256 ${file.sha256}, found [0-9a-f]{64}`));
});

test("refuses gzip data that is incomplete, damaged or too large", async () => {
  const zipped = gzipSync(content);
  assert.match(await refusal(zipped.subarray(0, -12)), /intact gzip data, found unexpected end of file/);
  const damaged = Buffer.from(zipped);
  damaged[damaged.length - 8] = (damaged[damaged.length - 8] as number) ^ 1;
  assert.match(await refusal(damaged), /intact gzip data, found incorrect data check/);
  assert.match(await refusal(gzipSync(new Uint8Array(100_000))), /expected 34 bytes uncompressed, found more/);
});
