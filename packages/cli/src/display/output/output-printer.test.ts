import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { OutputPrinter } from "./output-printer.js";

const piece = (text: string, missingBytes = 0) => ({ attempt: 1, offset: 0, missingBytes, bytes: Buffer.from(text) });

/** Prints pieces on a stream with room for `highWaterMark` bytes. Returns what it got. */
async function printed(isTTY: boolean, pieces: readonly ReturnType<typeof piece>[]): Promise<string> {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const printer = new OutputPrinter(stream);
  for (const one of pieces) await printer.print(one);
  await printer.end();
  return String(stream.read() ?? "");
}

test("a pipe gets every byte, and a line in place of missing ones", async () => {
  const pieces = [piece("\x1b[1mone"), piece("two\r\n", 1_234_567), piece("three", 1)];
  const expected =
    "\x1b[1mone\n[... 1,234,567 bytes are missing here ...]\ntwo\r\n[... 1 bytes are missing here ...]\nthree";
  assert.equal(await printed(false, pieces), expected);
});

test("a terminal gets whole lines without control characters", async () => {
  const pieces = [piece("\x1b[1mone"), piece("\x1b]0;x", 10), piece("é")];
  assert.equal(await printed(true, pieces), "one\n[... 10 bytes are missing here ...]\n\\u{1b}]0;xé\n");
  assert.equal(await printed(true, [piece("done\n")]), "done\n");
  assert.equal(await printed(true, [piece("")]), "");
});

test("waits for a slow reader, and no longer for one that has left", async () => {
  const stream = new PassThrough({ highWaterMark: 10 });
  const printer = new OutputPrinter(stream);
  let count = 0;
  const print = printer.print(piece("x".repeat(100))).then(() => (count += 1));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(count, 0);
  stream.resume();
  await print;
  stream.pause();
  const last = printer.print(piece("y".repeat(100)));
  stream.destroy();
  await last;
  assert.equal(printer.isOpen, false);
  await printer.print(piece("z"));
});

test("prints no more after an error, with which standard output stays writable", async () => {
  const written: string[] = [];
  const stream = new PassThrough();
  stream.on("data", (chunk) => written.push(String(chunk)));
  const printer = new OutputPrinter(stream);
  await printer.print(piece("one"));
  stream.emit("error", new Error("EPIPE"));
  await printer.print(piece("two"));
  assert.deepEqual([stream.writable, printer.isOpen, written.join("")], [true, false, "one"]);
});
