import assert from "node:assert/strict";
import { test } from "node:test";
import { murmur3 } from "./murmur3.js";

test("returns the hashes of the published implementation", () => {
  const vectors: [text: string, seed: number, hash: number][] = [
    ["", 0, 0],
    ["", 1, 0x514e28b7],
    ["", 0xffffffff, 0x81f16f39],
    ["test", 0, 0xba6bd213],
    ["test", 0x9747b28c, 0x704b81dc],
    ["Hello, world!", 0, 0xc0363e43],
    ["Hello, world!", 0x9747b28c, 0x24884cba],
    ["The quick brown fox jumps over the lazy dog", 0x9747b28c, 0x2fa826cd],
  ];
  for (const [text, seed, hash] of vectors) {
    assert.equal(murmur3(new TextEncoder().encode(text), seed), hash, `"${text}" with seed ${seed}`);
  }
});

test("treats bytes above 127 as unsigned", () => {
  assert.equal(murmur3(Uint8Array.of(0xff, 0xff, 0xff, 0xff), 0), 0x76293b50);
  assert.equal(murmur3(Uint8Array.of(0x21, 0x43, 0x65, 0x87), 0x5082edee), 0x2362f9de);
  assert.equal(murmur3(Uint8Array.of(0x21, 0x43, 0x65), 0), 0x7e4a8634);
  assert.equal(murmur3(Uint8Array.of(0x21, 0x43), 0), 0xa0f7b07a);
  assert.equal(murmur3(Uint8Array.of(0x21), 0), 0x72661cf4);
});
