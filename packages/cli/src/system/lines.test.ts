import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { readLines } from "./lines.js";

async function linesOf(chunks: readonly (string | Uint8Array)[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(Readable.from(chunks))) lines.push(line);
  return lines;
}

test("finds the same lines wherever the stream is cut", async () => {
  const bytes = Buffer.from('{"a": "é€𝄞"}\n\r\n  x\r\nlast');
  for (let cut = 0; cut <= bytes.length; cut++) {
    assert.deepEqual(await linesOf([bytes.subarray(0, cut), bytes.subarray(cut)]), ['{"a": "é€𝄞"}', "", "  x", "last"]);
  }
});

test("has no line behind the last line break, and none in an empty stream", async () => {
  assert.deepEqual(await linesOf(["a\n", "b\n"]), ["a", "b"]);
  assert.deepEqual(await linesOf([]), []);
});

test("cuts off lines that have no end", async () => {
  const lines = await linesOf([...new Array(100).fill("x".repeat(100_000)), "\nnext\n"]);
  assert.equal(lines.length, 2);
  assert.ok((lines[0] as string).length <= 1_200_000);
  assert.equal(lines[1], "next");
});
