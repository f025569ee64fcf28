import assert from "node:assert/strict";
import { test } from "node:test";
import { checksumOf, isAddress, nameInFolder, parseAddress, sourceOf, withoutChecksum } from "./file-address.js";

const SHA256 = "0123456789abcdef".repeat(4);

test("parses addresses of servers, buckets and mounted paths, with or without a checksum", () => {
  const forms = [
    ["https://example.org:8443/a/b.csv?v=2", { scheme: "https", url: "https://example.org:8443/a/b.csv?v=2" }],
    ["s3://tables/2024/wine (1).csv", { scheme: "s3", bucket: "tables", key: "2024/wine (1).csv" }],
    ["file:///mnt/data/wine.csv", { scheme: "file", path: "/mnt/data/wine.csv" }],
  ] as const;
  for (const [text, address] of forms) {
    assert.deepEqual(parseAddress(text), address);
    assert.deepEqual(parseAddress(`${text}#sha256=${SHA256}`), address);
    assert.deepEqual([checksumOf(text), checksumOf(`${text}#sha256=${SHA256}`)], [undefined, SHA256]);
    assert.equal(withoutChecksum(`${text}#sha256=${SHA256}`), text);
  }
});

test("refuses other schemes, logins, and paths that climb", () => {
  for (const text of [
    "http://example.org/wine.csv",
    "ftp://example.org/wine.csv",
    "https://ana:hunter2@example.org/wine.csv",
    "https://example.org",
    "https://example.org/wine.csv#sha256=123",
    `https://bucket.s3.amazonaws.com/x.csv?X-Amz-Signature=${SHA256}`,
    "https://example.org/x.csv?a=1&access_token=hunter2",
    "https://account.blob.core.windows.net/x.csv?sv=1&sig=abc",
    "s3://tables",
    "s3://Tables/x.csv",
    "file://data/wine.csv",
    "file:///mnt/../etc/passwd",
    "wine.csv",
  ]) {
    assert.equal(parseAddress(text), undefined, text);
  }
});

test("tells addresses from paths beside the spec", () => {
  assert.deepEqual(["https://a/b", "http://a/b", "a/b.csv", "C:\\a.csv"].map(isAddress), [true, true, false, false]);
});

test("finds the source of a file in its own field, or in its path", () => {
  const address = { scheme: "s3", bucket: "tables", key: "x.csv" };
  assert.deepEqual(sourceOf("x.csv", { source: "s3://tables/x.csv" }), address);
  assert.deepEqual(sourceOf(`s3://tables/x.csv#sha256=${SHA256}`, {}), address);
  assert.equal(sourceOf("x.csv", {}), undefined);
});

test("names a file in a folder by the end of its address", () => {
  assert.equal(nameInFolder("https://example.org/a/start.bin?v=1/2"), "start.bin");
  assert.equal(nameInFolder(`s3://models/a?b/start.bin#sha256=${SHA256}`), "start.bin");
});
