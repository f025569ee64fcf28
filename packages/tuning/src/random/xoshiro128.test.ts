import assert from "node:assert/strict";
import { test } from "node:test";
import { nextXoshiro, splitMix64, type XoshiroState, xoshiroFromSeed } from "./xoshiro128.js";

test("returns the outputs of the authors' C program for the state 1, 2, 3, 4", () => {
  const state: XoshiroState = [1, 2, 3, 4];
  const outputs = Array.from({ length: 10 }, () => nextXoshiro(state));
  const published = [
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ];
  assert.deepEqual(outputs, published);
});

test("fills the state with the published outputs of SplitMix64", () => {
  const published = [
    6457827717110365317n,
    3203168211198807973n,
    9817491932198370423n,
    4593380528125082431n,
    16408922859458223821n,
  ];
  assert.deepEqual(splitMix64(1234567n, 5), published);
  const words = xoshiroFromSeed(1234567).map((word) => BigInt(word >>> 0)) as [bigint, bigint, bigint, bigint];
  assert.equal(words[0] | (words[1] << 32n), published[0]);
  assert.equal(words[2] | (words[3] << 32n), published[1]);
});
