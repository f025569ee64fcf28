import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { readLines } from "./lines.js";

async function linesOf(chunks: readonly (string | Uint8Array)[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(Readable.from(chunks))) lines.push(line.ok ? line.text : line.fault);
  return lines;
}

test("yields the same lines however the stream is split into chunks", async () => {
  const bytes = Buffer.from('{"a": "é€𝄞"}\n\r\n  x\r\nlast');
  for (let cut = 0; cut <= bytes.length; cut++) {
    assert.deepEqual(await linesOf([bytes.subarray(0, cut), bytes.subarray(cut)]), ['{"a": "é€𝄞"}', "", "  x", "last"]);
  }
});

test("yields no line after the last line break, and none for an empty stream", async () => {
  assert.deepEqual(await linesOf(["a\n", "b\n"]), ["a", "b"]);
  assert.deepEqual(await linesOf([]), []);
});

test("refuses a line beyond the limit and goes on with the next one", async () => {
  const lines = await linesOf([...new Array(100).fill("x".repeat(100_000)), "\nnext\n"]);
  assert.deepEqual(lines, ["too-long", "next"]);
});

test("reports a line of another encoding and goes on with the next one", async () => {
  const bytes = Buffer.from("a\nse\xf1al\nb\n\xc3", "latin1");
  for (let cut = 0; cut <= bytes.length; cut++) {
    const lines = await linesOf([bytes.subarray(0, cut), bytes.subarray(cut)]);
    assert.deepEqual(lines, ["a", "not-utf8", "b", "not-utf8"]);
  }
});
