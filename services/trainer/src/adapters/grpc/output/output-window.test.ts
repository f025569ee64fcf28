import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "@sintonia/tuning/random/random";
import { OutputWindow } from "./output-window.js";

const OLDEST = 64 * 1024;
const NEWEST = 192 * 1024;

/** Bytes of an output, each a function of its offset. */
function bytesOf(start: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => ((start + index) * 31) % 253);
}

/** Reads the kept bytes from an offset on. Returns the ranges, and checks every byte. */
function rangesOf(window: OutputWindow, from: number, bytesMax: number): [number, number][] {
  const ranges: [number, number][] = [];
  for (let part = window.next(from, bytesMax); part !== undefined; ) {
    const { offset, bytes } = part;
    assert.ok(bytes.length <= bytesMax);
    assert.deepEqual(bytes, bytesOf(offset, bytes.length));
    const last = ranges.at(-1);
    if (last?.[1] === offset) last[1] += bytes.length;
    else ranges.push([offset, offset + bytes.length]);
    part = window.next(offset + bytes.length, bytesMax);
  }
  return ranges;
}

describe("the kept bytes of an output", () => {
  it("are all bytes of a short output", () => {
    const window = new OutputWindow();
    assert.equal(window.next(0, 10), undefined);
    window.append(bytesOf(0, 7));
    window.append(bytesOf(7, 5));
    assert.deepEqual(rangesOf(window, 0, 4), [[0, 12]]);
    assert.deepEqual(rangesOf(window, 9, 4), [[9, 12]]);
    assert.equal(window.next(12, 4), undefined);
  });

  for (const longest of [1, 100, 5_000, 70_000, 300_000]) {
    it(`are the oldest and the newest of a long output that is written in parts of up to ${longest} bytes`, () => {
      const window = new OutputWindow();
      const random = createRandom(longest);
      const total = Math.max(600_000, longest * 4);
      const parts = Math.min(total / longest, 3_000);
      for (let n = 0; n < parts; n++) window.append(bytesOf(window.endOffset, 1 + random.integer(longest)));
      if (window.endOffset < total) window.append(bytesOf(window.endOffset, total - window.endOffset));
      const end = window.endOffset;
      assert.deepEqual(rangesOf(window, 0, OLDEST), [
        [0, OLDEST],
        [end - NEWEST, end],
      ]);
      assert.deepEqual(rangesOf(window, end - 10, OLDEST), [[end - 10, end]]);
    });
  }

  it("have no gap as long as both parts hold them", () => {
    const window = new OutputWindow();
    window.append(bytesOf(0, OLDEST + NEWEST));
    assert.deepEqual(rangesOf(window, 0, 10_000), [[0, OLDEST + NEWEST]]);
    window.append(bytesOf(OLDEST + NEWEST, 1));
    assert.deepEqual(rangesOf(window, 0, 10_000), [
      [0, OLDEST],
      [OLDEST + 1, OLDEST + NEWEST + 1],
    ]);
  });
});
