import assert from "node:assert/strict";
import { test } from "node:test";
import { lastLines } from "./last-lines.js";
import { LineSplitter } from "./line-splitter.js";
import { OutputRing } from "./output-ring.js";

const text = (bytes: Buffer): string => bytes.toString("latin1");

test("lines are the same however the stream is cut", () => {
  const stream = Buffer.from("one\ntwo\r\nthrée\n\nlast");
  for (let size = 1; size <= stream.length; size++) {
    const splitter = new LineSplitter();
    const lines: string[] = [];
    for (let start = 0; start < stream.length; start += size) {
      lines.push(...splitter.push(stream.subarray(start, start + size)).map((line) => line.text));
    }
    lines.push(...splitter.end().map((line) => line.text));
    assert.deepEqual(
      lines.filter((line) => line !== ""),
      ["one", "two", "thrée", "last"],
      `parts of ${size}`,
    );
  }
});

test("a line beyond the limit comes once, cut, before its end", () => {
  const splitter = new LineSplitter(4);
  assert.deepEqual(splitter.push(Buffer.from("abcdef")), [{ text: "abcd", isCut: true }]);
  assert.deepEqual(splitter.push(Buffer.from("ghijklm")), []);
  assert.deepEqual(splitter.push(Buffer.from("n\nok\n")), [{ text: "ok", isCut: false }]);
});

test("a ring keeps the oldest and the newest bytes, however they arrive", () => {
  const all = Buffer.from("0123456789abcdefghijklmnopqrstuvwxyz");
  for (let size = 1; size <= all.length; size++) {
    const ring = new OutputRing(4, 7);
    for (let start = 0; start < all.length; start += size) ring.append(all.subarray(start, start + size));
    const { oldest, droppedBytes, newest } = ring.kept();
    assert.deepEqual([text(oldest), droppedBytes, text(newest)], ["0123", 25, "tuvwxyz"], `parts of ${size}`);
  }
});

test("a ring that is not full drops nothing", () => {
  const ring = new OutputRing(4, 7);
  assert.equal(text(ring.kept().oldest), "");
  ring.append(Buffer.from("012345"));
  const { oldest, droppedBytes, newest } = ring.kept();
  assert.deepEqual([text(oldest), droppedBytes, text(newest)], ["0123", 0, "45"]);
});

test("the last lines are one line of bounded length without control characters", () => {
  const ring = new OutputRing();
  ring.append(Buffer.from(`1\n2\n3\n4\n5\n\u001b[31mred\u001b[0m\u0000\u202e\n\n${"x".repeat(5_000)}`));
  const last = lastLines(ring.kept());
  assert.ok(last.length <= 601);
  assert.match(last, /^…x+$/);
  const short = new OutputRing();
  short.append(Buffer.from("1\n2\n3\n4\n5\n\u001b[31mred\u001b[0m\u0007\n"));
  assert.equal(lastLines(short.kept()), "2 | 3 | 4 | 5 | red");
});
