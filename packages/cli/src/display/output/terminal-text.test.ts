import assert from "node:assert/strict";
import { test } from "node:test";
import { TerminalText } from "./terminal-text.js";

function textOf(...chunks: readonly Uint8Array[]): string {
  const text = new TerminalText();
  return chunks.map((chunk) => text.push(chunk)).join("") + text.end();
}

test("text, tabs and line breaks stay; progress bars become lines", () => {
  assert.equal(textOf(Buffer.from("a\tb\nloss 0.1\r\n")), "a\tb\nloss 0.1\n");
  assert.equal(textOf(Buffer.from(" 10%\r 20%\r\r\n é€𝄞 ")), " 10%\n 20%\n é€𝄞 ");
});

test("colours are left out, and everything else that a terminal would obey is escaped", () => {
  assert.equal(textOf(Buffer.from("\x1b[1;32mgreen\x1b[0m")), "green");
  assert.equal(textOf(Buffer.from("\x1b[2J\x1b]0;title\x07\b")), "\\u{1b}[2J\\u{1b}]0;title\\u{7}\\u{8}");
  assert.equal(textOf(Buffer.from("safe\u202egnp.exe \u009b2J")), "safe\\u{202e}gnp.exe \\u{9b}2J");
  assert.equal(textOf(Uint8Array.of(0x9b, 0x32, 0x4a)), "\ufffd2J");
  assert.equal(textOf(Buffer.from("\x1b")), "\\u{1b}");
});

test("the text does not depend on how the output was split", () => {
  const bytes = Buffer.from("é\r\n\x1b[38;5;9mred\x1b[0m 10%\r20%\r\n𝄞\x1b[", "utf8");
  const whole = textOf(bytes);
  assert.equal(whole, "é\nred 10%\n20%\n𝄞\\u{1b}[");
  for (let cut = 0; cut <= bytes.length; cut++) {
    assert.equal(textOf(bytes.subarray(0, cut), bytes.subarray(cut)), whole, `cut at ${cut}`);
  }
  assert.equal(textOf(...[...bytes].map((byte) => Uint8Array.of(byte))), whole);
});

test("binary output is text of bounded length", () => {
  const bytes = Uint8Array.from({ length: 256 * 40 }, (_, index) => index % 256);
  const text = textOf(bytes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for them
  assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  assert.ok(text.length < bytes.length * 10);
});
