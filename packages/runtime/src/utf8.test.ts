import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeUtf8 } from "./utf8.js";

test("decodes UTF-8, without a byte order mark", () => {
  assert.deepEqual(decodeUtf8(Buffer.from("señal\né€𝄞")), { ok: true, text: "señal\né€𝄞" });
  assert.deepEqual(decodeUtf8(Buffer.from("\uFEFFa: 1")), { ok: true, text: "a: 1" });
  assert.deepEqual(decodeUtf8(new Uint8Array()), { ok: true, text: "" });
});

test("names the first line of another encoding", () => {
  assert.deepEqual(decodeUtf8(Buffer.from("a\nse\xf1al\nb\n\xf1", "latin1")), { ok: false, line: 2 });
  assert.deepEqual(decodeUtf8(Buffer.from("a\n\n\xf1", "latin1")), { ok: false, line: 3 });
  assert.deepEqual(decodeUtf8(Buffer.from("\uFEFFa", "utf16le")), { ok: false, line: 1 });
});

test("refuses a character that is cut off, surrogates and overlong forms", () => {
  for (const bytes of [[0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf4, 0x90, 0x80, 0x80]]) {
    assert.deepEqual(decodeUtf8(Uint8Array.from(bytes)), { ok: false, line: 1 });
  }
});
